"""Words of other systems for our choices, as data: their picklists as they ship. Near, not the same, so a person sees them."""

from __future__ import annotations

from functools import cache

from .headers import normal

WORDS = {
    "source": {
        "website": """
            web | web research | web download | webseite | site web | internet | online | online store | organic search | paid search
            direct traffic | direct | inbound | seo | search engine | ai referrals
        """,
        "form": "web form | contact form | landing page | form submission",
        "trade_show": "trade fair | exhibition | fair | event | conference | messe | salon | feria | show",
        "referral": """
            employee referral | external referral | customer referral | word of mouth | recommendation | referrals | referred
            empfehlung | recommandation | recomendacion | existing customer
        """,
        "partner": "partner referral | channel partner | reseller | seminar partner",
        "phone": "phone inquiry | phone enquiry | inbound call | call in | telefon",
        "email": "email marketing | sales email alias | newsletter | email campaign",
        "campaign": "seminar | seminar internal | internal seminar | webinar | other campaigns | marketing campaign",
        "social_media": """
            social | organic social | paid social | facebook | twitter | x twitter | linkedin | instagram | xing | google plus
        """,
        "advertising": "advertisement | ads | ad | google ads | adwords | public relations | werbung | publicite | publicidad",
        "cold_call": "cold calling | cold outreach | outbound | kaltakquise",
        "purchased_list": "bought list | list purchase | data provider",
        "import": "offline sources | offline | integration | data import",
        "other": "misc | sonstige | autre | otro | none of these",
    },
    "industry": {
        "finance": "banking | financial services | investment banking | capital markets | venture capital private equity | accounting",
        "manufacturing": """
            apparel | electronics | machinery | engineering | industrial automation | mechanical or industrial engineering | textiles
            apparel and fashion | consumer goods | furniture | plastics | packaging and containers | electrical electronic manufacturing
            durable manufacturing | non durable manufacturing | aviation and aerospace
        """,
        "pharmaceuticals": "biotechnology | biotech | pharma | life sciences",
        "healthcare": "hospital and health care | medical | health wellness and fitness | medical devices | medical practice",
        "technology": """
            it | information technology and services | information technology | computer hardware | semiconductors | internet | high tech
            computer networking | computer and network security | data telecom oem
        """,
        "software": "computer software | saas | erp | computer games",
        "telecommunications": "communications | telecom | wireless",
        "services": "service provider | service retail | business services | facilities services | outsourcing offshoring",
        "logistics": """
            shipping | transportation | transport | transportation trucking railroad | logistics and supply chain | warehousing
            package freight delivery | airlines aviation | maritime
        """,
        "nonprofit": "not for profit | non profit organization management | philanthropy | charity | fund raising",
        "hospitality": "recreation | leisure travel and tourism | hotels | restaurants | travel | lodging | tourism",
        "entertainment": "sports | music | motion pictures and film | gaming | arts and crafts | performing arts",
        "education": "higher education | e learning | primary secondary education | education management | schools",
        "legal": "law practice | legal services | law",
        "consulting": "management consulting | business consulting | consulting services",
        "marketing": "marketing and advertising | public relations and communications | market research | advertising",
        "media": "media production | publishing | broadcast media | newspapers | online media | printing",
        "energy": "oil and energy | oil and gas | renewables and environment | renewables | environmental | mining and metals | mining",
        "food": "food and beverage | food production | food and beverages | dairy | wine and spirits | restaurants and food",
        "government": "government administration | public sector | military | government military | public policy | government relations",
        "construction": "building materials | architecture and planning | civil engineering | building",
        "real_estate": "commercial real estate | property",
        "employment": "staffing and recruiting | human resources | recruiting",
        "agriculture": "farming | ranching | fishery | agriculture and non petrol natural resource extraction",
        "retail": "wholesale | supermarkets | consumer electronics | luxury goods and jewelry | e commerce | ecommerce",
    },
    "lifecycle": {
        "lead": "subscriber | marketing qualified lead | mql | sales qualified lead | sql | new | cold lead | warm lead | hot lead",
        "prospect": "opportunity | interested | qualified | interessent",
        "customer": "client | active customer | evangelist | kunde | won | existing customer | customer direct | customer channel",
        "former": "churned | lost customer | ex customer | inactive customer | cancelled",
        "partner": """
            reseller | channel partner reseller | installation partner | technology partner | integrator | distributor | influencer
        """,
        "supplier": "vendor | lieferant | provider",
        "other": "analyst | press | investor | consultant | influencer press",
    },
    "priority": {
        "high": "highest | urgent | critical | hoch | important | haute | alta | dringend",
        "normal": "medium | mittel | moyenne | media | standard | default",
        "low": "lowest | niedrig | gering | basse | baja | minor",
    },
    "status": {
        "open": "to do | todo | planned open | pending | new | offen",
        "waiting": "waiting for input | waiting on others | on hold | waiting for someone else | blocked",
        "in_progress": "started | doing | in bearbeitung",
        "done": "finished | complete | erledigt | won | termine",
        "closed": "canceled | cancelled | abgebrochen",
    },
    "preferred_channel": {
        "post": "mail | letter | brief | courrier | letter mail",
        "phone": "call | mobile | mobile phone | telefon | telephone | sms",
        "messenger": "whatsapp | chat | signal | telegram",
    },
}  # fmt: skip


@cache
def _table(field: str) -> dict[str, str]:
    return {
        normal(word): key
        for key, words in WORDS.get(field, {}).items()
        for line in words.splitlines()
        for word in line.split("|")
        if word.strip()
    }


def near_choice(field: str, value: str) -> str:
    """The key of the choice that another system's word comes closest to, "" where none does."""
    return _table(field).get(normal(value.lower()), "")
