"""What is said to people outside the page, by which way, and whether it has left the house?

Owns: outgoing notices, the links in them, sealed addresses, the channels
Hears: ContactGiven, StaffAdded, CourseScheduled, Enrolled, Waitlisted, AlertRaised, AlertOverdue, StaffReminded,
    DoorsKeptShut, NoticeQueued
Answers: SendCode, ReadMailbox, ListChannels, ReadLink, SpendLink
Says: NoticeQueued, NoticeSent
"""
