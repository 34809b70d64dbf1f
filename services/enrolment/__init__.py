"""Who may come in: programmes and courses, applications, seats, the contact vault, and staff accounts.

Owns: programmes, courses, applications, seats, the waitlist, sealed contacts, staff accounts
Hears: nothing
Answers: ScheduleCourse, ListCourses, Apply, FindMember, ReadMember, AddStaff, CheckPassword, CheckCode, ReadStaff
Says: CourseScheduled, Enrolled, Waitlisted, ContactGiven, StaffAdded
"""
