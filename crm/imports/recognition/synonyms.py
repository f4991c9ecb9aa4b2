"""What other systems call the fields of customers, contacts, tasks (and what marks opportunities), as data.

Keys are field keys, with a qualifier behind a colon: a label ("phone:home"), how something is referred to ("owner:email", "parent:id"),
or that the value is added to the field ("first_name:join"). Words are separated by "|"; "~" marks one that fits only when nothing better
does. Case, accents, punctuation, camel case and underscores do not matter, numbers in a header neither. Collected from the public
import templates and exports of Salesforce, HubSpot, Pipedrive, Zoho, Dynamics, Freshsales, Zendesk Sell, Mailchimp, Google, Outlook,
LinkedIn; German, French and Spanish words as their editions write them.
"""

from __future__ import annotations

from .synonyms_contacts import CONTACT
from .synonyms_customers import CUSTOMER

TASK = {
    "subject": """
        subject | task | task name | task title | task subject | activity subject | activity name | ~title | ~name | todo | to do
        summary | betreff | aufgabe | sujet | objet | tache | asunto | tarea
    """,
    "description": """
        description | notes | note | comments | comment | details | task notes | task description | full comments | body
        activity note | ~note content | beschreibung | notizen | bemerkung | commentaires | descripcion | notas
    """,
    "due_at": """
        due date | due | due at | due on | due date only | due date time | activity date | activity due date | deadline
        task due date | end date | date due | scheduled end | scheduled date | faellig | fallig | fallig am | falligkeit
        falligkeitsdatum | echeance | date d'echeance | vencimiento | fecha de vencimiento | ~date
    """,
    "due_at:join": "due time | activity due time | uhrzeit",
    "priority": "priority | task priority | importance | prioritat | priorite | prioridad",
    "status": "status | task status | activity status | state | stage | statut | estado | status reason",
    "done": """
        done | completed | is closed | closed | complete | is completed | marked as done | finished | erledigt | termine | completado
        hecho
    """,
    "completed_at": """
        completed at | completed date | completed date time | completion date | date completed | actual end | closed time
        marked as done time | erledigt am
    """,
    "reminder_at": """
        reminder | reminder date | reminder date time | reminder at | remind at | erinnerung | rappel | recordatorio
    """,
    "reminder_at:join": "reminder time",
    "owner": """
        owner | assigned to | assignee | task owner | activity owner | owner name | owner full name | assigned | assigned to user
        activity assigned to | task assigned to | responsible | zustandig | zugewiesen an | verantwortlich | besitzer | inhaber
        proprietaire | assigne a | propietario | asignado a
    """,
    "owner:id": "owner id | owner.id | assigned to id | hubspot owner id | user id | ownerid",
    "owner:email": "owner email | hubspot owner email | assignee email | assigned to email | owner's email",
    "customer": """
        customer | account | account name | company | company name | company account | organization | organization name
        organisation | related to account | associated company | regarding | related to | what name | firma | kunde | unternehmen
        entreprise | client | empresa | cliente
    """,
    "customer:id": """
        account id | what id | company id | organization id | related to id | associated company id | associated company ids
        regarding id
    """,
    "contact": """
        contact | contact person | contact name | person | person name | related contact | who name | associated contact | name of contact
        kontakt | ansprechpartner | personne | contacto
    """,
    "contact:id": "contact id | who id | person id | associated contact id | associated contact ids",
    "contact:email": "contact email | contact's email | associated contact email",
    "type": "type | task type | activity type | task subtype | activity type name | art | tipo",
    "external_id": "id | task id | activity id | record id | external id | engagement id | object id | task external id",
    "created_at": """
        created at | created date | create date | created on | created | created time | add time | date created | creation date
        erstellt am | erstellt | angelegt am | cree le | date de creation | fecha de creacion | creado el
    """,
}

# Not imported yet, but files about them must not be taken for customers.
OPPORTUNITY = {
    "name": "deal name | deal title | opportunity name | opportunity | deal | opportunity title | opportunity id",
    "stage": "stage | stage name | deal stage | sales stage | opportunity stage | forecast category | pipeline stage",
    "amount": "amount | deal value | expected revenue | est revenue | estimated revenue | deal amount | close value | weighted amount",
    "close_date": """
        close date | closing date | expected close date | est close date | engage date | actual close date | won time | lost time
    """,
    "probability": "probability | probability % | win likelihood | win probability",
    "pipeline": "pipeline | sales pipeline | deal pipeline | sales agent",
    "outcome": "is won | lost reason | closed lost reason | closed won reason | deal type | next step | opportunity type",
    "history": "opportunity history key | opportunity id",
}

SYNONYMS: dict[str, dict[str, str]] = {"customer": CUSTOMER, "contact": CONTACT, "task": TASK, "opportunity": OPPORTUNITY}

RECORD_WORDS = {
    "organization": "customer", "organisation": "customer", "company": "customer", "account": "customer", "customer": "customer",
    "firma": "customer",
    "person": "contact", "contact": "contact", "lead": "contact", "people": "contact", "kontakt": "contact",
    "activity": "task", "task": "task", "deal": "opportunity", "opportunity": "opportunity", "product": "product", "note": "note",
}  # fmt: skip

# Columns of other systems that no field of ours is for. Knowing them helps to find the header and to say why they are left out.
IGNORED = """
percent complete | row checksum | is deleted | deleted | master record id | system modstamp | last modified date | last modified by id
last modified by | last modified | last modified date time | modified on | modified by | modified time | last activity time
last activity date | last activity | last viewed date | last referenced date | last updated | updated at | update time
last changed | last transfer date | last cu request date | last cu update date | created by id | created by | created by alias
is converted | converted date | converted account id | converted contact id | converted opportunity id | is unread by owner
email bounced reason | email bounced date | is email bounced | is priority record | clean status | photo url | photo | jigsaw
jigsaw contact id | jigsaw company id | individual id | dandb company id | duns number | naics code | naics desc | sic desc
tradestyle | sic code | sic | latitude | longitude | geocode accuracy | billing latitude | billing longitude
billing geocode accuracy | shipping latitude | shipping longitude | shipping geocode accuracy | mailing latitude
mailing longitude | mailing geocode accuracy | other latitude | other longitude | address id | yomi name | given name yomi
additional name yomi | family name yomi | phonetic first name | phonetic middle name | phonetic last name | yomi first name
yomi last name | yomi middle name | yomi full name | yomi account name | yomi company name | organization yomi name | company yomi
given yomi | surname yomi | initials | short name | maiden name | file as | gender | hobby | sensitivity | directory server
mileage | location | priority | billing information | billing info | organization symbol | organization location
organization job description | organization type | website type | website label | email display name | isdn | telex
tty tdd phone | internet free busy | government id number | organizational id number | private | spouse | children | anniversary
office location | manager's name | manager | assistant's name | referred by | keywords | im address | imaddress | address type
address label | email angezeigter name | email typ | benutzer | buro | address po box | address extended address
business address po box | home address po box | other address po box | event label | event value | relation label | relation value
relation type | custom field label | custom field value | custom field type | event type | connected on | member rating
optin time | optin ip | confirm time | confirm ip | gmtoff | dstoff | timezone | cc | leid | euid | latitude longitude
lead status | lead score | rating | score | next step | ownership | ticker symbol | site | account site | number of locations
active | sla | sla serial number | sla expiration date | customer priority | upsell opportunity | record type id | record type
record type name | currency iso code id | is person account | time of last session | time of first session | number of pageviews
number of sessions | number of associated contacts | number of associated deals | original source drill down | latest source
recent deal amount | total revenue | last contacted | last engagement date | marketing contact status | open deals | won deals
lost deals | closed deals | total activities | done activities | activities to do | next activity date | last email received
last email sent | email messages count | visible to | profile picture | label ids | people | deals | more addresses | role
middle yomi
"""
