"""Who may come in: programmes and courses, applications, seats, the contact vault, staff accounts, and books.

Owns: programmes, courses, applications, seats, the waitlist, sealed contacts, staff accounts, sealed books,
    attendance, the tasks of coordinators
Hears: BookClock, AttendanceTaken, EnvelopeGranted, EnvelopeClosed
Answers: ScheduleCourse, ListCourses, Apply, FindMember, ReadMember, AddStaff, CheckPassword, CheckCode, ReadStaff,
    ReadBook, KeepEntry, EraseEntry, EraseBook, SetBookKeeping,
    ReadTasks, FinishTask, ReadAttendance, OpenEnvelope
Says: CourseScheduled, Enrolled, Waitlisted, ContactGiven, StaffAdded, BookErased, BookClock, TaskOpened,
    TaskDone, EnvelopeLooked
"""
