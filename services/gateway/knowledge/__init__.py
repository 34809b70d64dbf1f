"""What the desk has to hand beside a case: help lines, local authorities by postcode area, and prepared words."""

from services.gateway.knowledge.reading import Authority, Fault, HelpLine, Knowledge, Script, Unreadable, read

__all__ = ["Authority", "Fault", "HelpLine", "Knowledge", "Script", "Unreadable", "read"]
