"""What is said to people outside the page, by which way, and whether it has left the house?

Owns: outgoing notices, sealed addresses, the channels
Hears: ContactGiven, StaffAdded, CourseScheduled, Enrolled, Waitlisted, AlertRaised, AlertOverdue, StaffReminded,
    DoorsKeptShut, NoticeQueued
Answers: SendCode, ReadMailbox, ListChannels
Says: NoticeQueued, NoticeSent
"""
