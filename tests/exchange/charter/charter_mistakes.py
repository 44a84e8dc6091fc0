"""Mistakes in a charter file: what is replaced by what, and what is then said. One in each row."""

_THEME = """[[group]]
key = "deciding"
name = "Ways of deciding"

[[theme]]
key = "KEY"
group = "deciding"
topic = "GOV"
name = "Pace of decisions"

[[service_area]]"""

_ANY = """[[organisation]]
key = "any"
name = "Any"
calendar = { zone = "Europe/London", mon-fri = ["09:00-17:00"] }

[[person]]
email = "any@any.example"
name = "Any Lead"
organisation = "any"
roles = ["lead"]

[[person]]
email = "sam@acute.example\""""

MISTAKES = {
    "a partnership key in small letters": (
        'key = "RIV"',
        'key = "Riv"',
        "[partnership], key: found “Riv”; allowed is 2 to 5 capital letters",
    ),
    "a zone that is none": (
        'Discharge"\nzone = "Europe/London"\n',
        'Discharge"\nzone = "Europe/Londn"\n',
        "[partnership], zone: found “Europe/Londn”; allowed is a name like Europe/London",
    ),
    "a paper that nobody has": (
        'Discharge"\nzone = "Europe/London"\n',
        'Discharge"\nzone = "Europe/London"\npaper = "letter"\n',
        "[partnership], paper: found “letter”; allowed is a4 or us-letter",
    ),
    "an unknown table": ("[[clause]]", "[[claus]]", "[[claus]]: found “claus” (did you mean “clause”?)"),
    "an unknown field": (
        'answers = "council"\nleads = { acute',
        'answer = "council"\nleads = { acute',
        "[[service_area]] discharge, answer: found “answer” (did you mean “answers”?); allowed are key, name",
    ),
    "an unknown field of a calendar": (
        'holidays = "GB-ENG"\nclosed',
        'holiday = "GB-ENG"\nclosed',
        "[[organisation]] acute, calendar, holiday: found “holiday” (did you mean “holidays”?)",
    ),
    "hours that are none": (
        '"09:00-12:30"',
        '"9 to 12"',
        "[[organisation]] acute, calendar, mon-fri: “9 to 12” is no opening span; allowed is “09:00-17:00”",
    ),
    "hours that overlap": (
        '"13:00-17:00"',
        '"12:00-17:00"',
        "[[organisation]] acute, calendar, mon-fri: “09:00-12:30” and “12:00-17:00” overlap",
    ),
    "a weekday twice": ("mon-thu =", "mon-fri =", "[[organisation]] council, calendar: fri stands there twice"),
    "holidays of nowhere": (
        'fri = ["09:00-16:30"], holidays = "GB-ENG"',
        'holidays = "GB-XYZ"',
        "[[organisation]] council, calendar, holidays: found “GB-XYZ”; allowed is a country or a part of one",
    ),
    "a date that is none": (
        "closed = [2026-12-24]",
        'closed = ["Christmas"]',
        "[[organisation]] acute, calendar, closed 1: found “Christmas”; allowed is a date like 2026-12-24",
    ),
    "an address that is none": (
        'email = "sam@acute.example"',
        'email = "sam"',
        "[[person]] sam, email: found “sam”; allowed is an address like",
    ),
    "an address that no mail arrives at": (
        'email = "sam@acute.example"',
        'email = "jörg.müller@acute.example"',
        "[[person]] jörg.müller@acute.example, email: found “jörg.müller@acute.example”; allowed is an address",
    ),
    "a seat for an address that no mail arrives at": (
        '{ person = "kim@council.example", holds = true }',
        '{ person = "kïm@council.example", holds = true }',
        "[[body]] front, seats 2, person: found “kïm@council.example”; allowed is an address that mail arrives at",
    ),
    "an address twice": (
        'email = "jo@acute.example"',
        'email = "Sam@acute.example"',
        "[[person]] sam@acute.example: stands there twice; allowed is once",
    ),
    "a role that is none": (
        '["manager", "lead"]',
        '["boss", "lead"]',
        "[[person]] jo@acute.example, organisations 1, roles 1: found “boss”; allowed is front_line, manager",
    ),
    "a person of no organisation here": (
        'organisation = "acute"\nroles = ["front_line"]',
        'organisation = "acut"\nroles = ["front_line"]',
        "[[person]] sam@acute.example, organisation: found “acut” (did you mean “acute”?)",
    ),
    "an organisation without a lead": ('["manager", "lead"]', '["manager"]', "[[organisation]] acute: has no lead"),
    "organisations that are never open together": (
        'mon-thu = ["09:00-17:00"], fri = ["09:00-16:30"]',
        'sat-sun = ["09:00-17:00"]',
        "Riverside Hospitals and Riverside Council share no working time on any weekday",
    ),
    "a closed day in another age": (
        "closed = [2026-12-24]",
        "closed = [0206-12-24]",
        "[[organisation]] acute, calendar, closed: ",
    ),
    "meetings that cannot be read": ("RRULE:FREQ=WEEKLY;BYDAY=TU", "every tuesday", "[[body]] ops, meets: "),
    "meetings without a zone": (
        "DTSTART;TZID=Europe/London:20260106T100000",
        "DTSTART:20260106T100000",
        "has no time zone; allowed is DTSTART;TZID=Europe/London",
    ),
    "meetings every second": (
        "FREQ=WEEKLY;BYDAY=TU",
        "FREQ=SECONDLY",
        "has “SECONDLY” as FREQ, where DAILY, WEEKLY, MONTHLY, YEARLY are taken; allowed is DTSTART;TZID=",
    ),
    "a seat for nobody": (
        '{ person = "kim@council.example", holds = true }',
        '{ person = "kin@council.example", holds = true }',
        "[[body]] front, seats 2, person: found “kin@council.example” (did you mean “kim@council.example”?)",
    ),
    "a seat for one of two organisations": (
        ', organisation = "council" }',
        " }",
        "[[body]] ops, seats 2, organisation: is missing; allowed is one of Ingrid Solberg's: acute, council",
    ),
    "a deputy of another organisation": (
        'deputy = "jo@acute.example"',
        'deputy = "kim@council.example"',
        "[[body]] front, seats 1, deputy: found “acute”; allowed is an organisation of Kim Tran: council",
    ),
    "a limit that is none": (
        'limit = "3 working days"',
        'limit = "soon"',
        "[[ladder]] operational, tiers 1, limit: found “soon”; allowed is “3 working days”",
    ),
    "a meeting where none can be": (
        'acknowledge = "1 working day"',
        'acknowledge = "next meeting"',
        "[[ladder]] operational, tiers 1, acknowledge: found “next meeting”",
    ),
    "a tier without a limit": (
        'limit = "3 working days", ',
        "",
        "[[ladder]] operational, tiers 1: has no limit; allowed is one in every tier but an external one",
    ),
    "a tier on no body": (
        '{ body = "front", limit',
        '{ body = "fornt", limit',
        "[[ladder]] operational, tiers 1, body: found “fornt” (did you mean “front”?)",
    ),
    "a starter that is none": (
        'from = "care"',
        'from = "caer"',
        "[[ladder]] care, from: found “caer” (did you mean “care”?)",
    ),
    "bodies that do not fit the starter": (
        '"ops", "ops", "ops"]',
        '"ops"]',
        "[[ladder]] care, bodies: found 2 entries; allowed is one body for each tier of care: Professionals, Managers",
    ),
    "no ladder as the default": (
        "default = true\n",
        "",
        "[[ladder]]: found none with default = true; allowed is exactly one: operational, care, care-expedited",
    ),
    "a number in quotes": (
        "default = true\n",
        'default = true\nreopens_to_escalate = "2"\n',
        "[[ladder]] operational, reopens_to_escalate: found “2”; allowed is a whole number",
    ),
    "a route to no ladder": (
        'ladder = "operational"',
        'ladder = "operation"',
        "[[route]] late-discharge, ladder: found “operation” (did you mean “operational”?)",
    ),
    "a start that is not on the ladder": (
        'start = "ops"',
        'start = "board"',
        "[[route]] late-discharge, start: found “board”; allowed is a body of operational: front, ops",
    ),
    "a condition that is none": (
        "when = { words",
        "when = { word",
        "[[route]] risk, when, word: found “word” (did you mean “words”?)",
    ),
    "a severity that is none": (
        '"serious", ',
        '"bad", ',
        "[[route]] late-discharge, when, severity 1: found “bad”; allowed is minor, serious or critical",
    ),
    "a lead of another organisation": (
        'leads = { council = "kim@council.example" }',
        'leads = { council = "sam@acute.example" }',
        "[[route]] late-discharge, leads, council: found “sam@acute.example”",
    ),
    "a topic that is none": (
        'topic = "STANDARD"',
        'topic = "STANDARDS"',
        "[[clause]] 4.2, topic: found “STANDARDS”; allowed is SCOPE, ROLE, INFO",
    ),
    "a key that is a number": (
        'key = "4.2"',
        "key = 4.2",
        "[[clause]] no. 1, key: found “4.2”; allowed is a text in quotes",
    ),
    "a number of the rule in quotes": (
        '[[organisation]]\nkey = "acute"',
        "[report]\nrecent_months = '9'\n[[organisation]]\nkey = \"acute\"",
        "[report], recent_months: found “9”; allowed is a number without quotes",
    ),
    "a share above all": (
        '[[organisation]]\nkey = "acute"',
        '[report]\nlasting_share = 1.5\n[[organisation]]\nkey = "acute"',
        "[report], lasting_share: found “1.5”; allowed is 1 or less",
    ),
    "what is not asked": (
        '[[organisation]]\nkey = "acute"',
        "[report]\nasks = 'days'\n[[organisation]]\nkey = \"acute\"",
        "[report], asks: found “days”; allowed is “hours”, or to leave it out",
    ),
    "longer than fixes are followed": (
        '[[organisation]]\nkey = "acute"',
        '[report]\nlasting_days = 120\n[[organisation]]\nkey = "acute"',
        "[report], lasting_days: found “120”; allowed is 90 or less",
    ),
    "a number that the rule does not have": (
        '[[organisation]]\nkey = "acute"',
        '[report]\nrecent_month = 9\n[[organisation]]\nkey = "acute"',
        "[report], recent_month: found “recent_month” (did you mean “recent_months”?); allowed are",
    ),
    "a clause that would be taken for none": (
        'key = "4.2"',
        'key = "none"',
        "[[clause]] none, key: found “none”; allowed is another: in a list of issues it means those that name no",
    ),
    "a service area that would be taken for none": (
        "[[service_area]]",
        '[[service_area]]\nkey = "none"\nname = "None"\n\n[[service_area]]',
        "[[service_area]] none, key: found “none”; allowed is another: in a list of issues it means those that name no",
    ),
    "a theme that would be taken for none": (
        "[[service_area]]",
        _THEME.replace("KEY", "untagged"),
        "[[theme]] untagged, key: found “untagged”; allowed is another: in a list of issues it means those without",
    ),
    "a theme that would be taken for any": (
        "[[service_area]]",
        _THEME.replace("KEY", "tagged"),
        "[[theme]] tagged, key: found “tagged”; allowed is another: in a list of issues it means those with a theme",
    ),
    "an organisation that would be taken for any": (
        '[[person]]\nemail = "sam@acute.example"',
        _ANY,
        "[[organisation]] any, key: found “any”; allowed is another: in a list of issues it means any of them",
    ),
    "something missing": ('title = "Discharge letters"\n', "", "[[clause]] 4.2, title: is missing"),
    "an organisation's key misspelt": (
        'key = "council"\nname = "Riverside Council"',
        'key = "councl"\nname = "Riverside Council"',
        "found “council” (did you mean “councl”?); allowed is a [[organisation]]: acute, councl; so in",
    ),
    "a body's key misspelt": (
        'key = "ops"\nname',
        'key = "opz"\nname',
        "[[ladder]] operational, tiers 2, body: found “ops” (did you mean “opz”?); allowed is a [[body]]: front, opz",
    ),
    "a ladder's key misspelt": (
        'key = "operational"\ndefault',
        'key = "operatonal"\ndefault',
        "[[route]] late-discharge, ladder: found “operational” (did you mean “operatonal”?)",
    ),
    "a person's address misspelt": (
        'email = "kim@council.example"',
        'email = "kin@council.example"',
        "found “kim@council.example” (did you mean “kin@council.example”?)",
    ),
    "a table's name misspelt, to which much refers": ("[[person]]", "[[persn]]", "did you mean “person”?"),
    "a head misspelt": ("[partnership]", "[partnershp]", "did you mean “partnership”?"),
    "one table where there are several": ("[[service_area]]", "[service_area]", "[service_area]: found one table"),
    "the name of a key misspelt": (
        'email = "jo@acute.example"',
        'mail = "jo@acute.example"',
        "[[person]] jo@acute.example, mail: found “mail” (did you mean “email”?)",
    ),
    "a lead of an organisation that is misspelt": (
        'organisation = "council"\nroles',
        'organisation = "concil"\nroles',
        "[[person]] kim@council.example, organisation: found “concil” (did you mean “council”?)",
    ),
    "a calendar without hours": (
        'mon-thu = ["09:00-17:00"], fri = ["09:00-16:30"], ',
        "",
        "[[organisation]] council, calendar",
    ),
}
