"""Words of other systems for the fields of a customer (see synonyms)."""

from __future__ import annotations


def address(ours: str, prefixes: str, plain: bool) -> dict[str, str]:
    """The five parts of an address under several prefixes; with `plain` also without one."""
    parts = {
        "street": """
            street | street address | address street | address | address line | address street line | strasse | rue | adresse | calle
            direccion | domicilio | street road name of address | street name | ~~address formatted | ~~formatted address | ~~full address
            ~~postal address | ~~full combined address of address
        """,
        "street:join": "house number of address | house number | apartment suite no of address | hausnummer",
        "city": "city | town | address city | city town village locality of address | ort | stadt | ville | ciudad | localidad | poblacion",
        "postal_code": """
            zip postal code of address
            postal code | zip | zip postal code | postcode | zip code | address postal code | postal | code | plz | postleitzahl
            code postal | codigo postal
        """,
        "region": """
            state county of address | region of address
            state | region | state province | state or province | province | county | state region | address state
            address state or province | bundesland | bundesland kanton | kanton | departement | dep region | estado o provincia
            provincia | estado
        """,
        "country": """
            country of address
            country | country region | country code | address country | address country region | land | land region | pays | pays region
            pais | pais o region | country name | state country
        """,
    }
    before = [prefix.strip() for prefix in prefixes.replace("\n", "|").split("|") if prefix.strip()]
    found: dict[str, str] = {}
    for part, words in parts.items():
        each = [word.strip() for word in words.replace("\n", "|").split("|") if word.strip()]
        names = [name for prefix in before for word in each for name in (f"{prefix} {word}", f"{word} {prefix}")]
        names += [word for word in each if plain and word != "code"]
        found[f"{ours}{part}"] = " | ".join(names)
    return found


CUSTOMER = {
    "name": """
        name | company name | account name | account | company | organization name | organization | organisation | organisation name
        customer name | customer | business name | business | client name | client | trading name | dba name | company account name
        ~site name | ~agency name | ~school name | ~store name | ~practice name | ~facility name | ~bank name | ~hotel name
        ~institution name | supplier name | vendor name
        full name | ~comapny name | firma | firmenname | unternehmen | kunde | kundenname | name der firma | entreprise | societe
        nom de la societe | raison sociale | nom | nom du client | empresa | nombre de la empresa | razon comercial | cliente
        nombre
    """,
    "legal_name": """
        legal name | registered name | legal entity | legal entity name | official name | registered company name | firmierung
        denomination sociale | razon social
    """,
    "kind": "customer kind | is company | is person | entity type | person or company | kunde art | kundentyp",
    "parent": """
        parent account | parent | parent company | parent account name | parent organization | subsidiary of | holding | parent name
        parent company name | member of | ubergeordnete firma | muttergesellschaft | konzern | societe mere | compte parent
        empresa matriz | cuenta principal
    """,
    "parent:id": "parent id | parent account id | parent account name id | parent company id | parent account.id | parent organization id",
    "lifecycle": """
        lifecycle | lifecycle stage | account type | customer type | ~type | relationship type | customer status | account status
        company type | relationship | ~~status | ~category | ~business type | ~stage | kundenstatus | kontenart | ~statut
        etape du cycle de vie | estado | tipo de cuenta | etapa del ciclo de vida
    """,
    "industry": """
        industry | sector | industry sector | industry type | business sector | vertical | industry code | market segment | branche
        wirtschaftszweig | secteur | secteur d'activite | industrie | industria | ramo
    """,
    "size": """
        employees | number of employees | no of employees | employee count | company size | headcount | staff | num employees
        total employees | employees range | no employees | # of employees | mitarbeiter | anzahl mitarbeiter | mitarbeiterzahl
        anzahl der mitarbeiter | unternehmensgrosse | effectif | nombre d'employes | nombre de salaries | empleados
        numero de empleados
    """,
    "annual_revenue": """
        annual revenue | revenue | annual sales | turnover | yearly revenue | sales volume | annual turnover | revenue annual
        total revenue annual | umsatz | jahresumsatz | chiffre d'affaires | ca annuel | revenu annuel | ingresos | facturacion
        ingresos anuales
    """,
    "currency": """
        currency | currency code | currency iso code | annual revenue currency | account currency | company currency | wahrung
        devise | monnaie | moneda | divisa
    """,
    "website": """
        website | website url | url | webpage | web | homepage | home page | company website | site web | site internet | internet
        webseite | web address | company website url | web site address | pagina web | sitio web
    """,
    "domain": """
        domain | company domain | company domain name | domain name | email domain | domain url | web domain | domane | domaine
        dominio
    """,
    "phone": """
        phone | phone number | main phone | telephone | tel | company phone | business phone | office phone | work phone
        work number | account phone | main number | company phone number | company main phone | other phone | mobile phone | mobile
        telefon | telefonnummer | telefon firma | telephone principal | numero de telephone | telefono | telefono principal
    """,
    "fax": "fax | fax number | company fax | business fax | telefax",
    "email": """
        email | email address | company email | main email | general email | contact email | account email | business email | emails
        email work | mail | e-mail adresse | emailadresse | adresse email | courriel | correo | correo electronico | email principal
    """,
    "tax_number": """
        tax number | tax id | vat | vat number | vat id | vat no | vat registration number | tin | ein | tax identification number
        tax registration number | abn | gstin | gst number | ust idnr | ust id | ustid | umsatzsteuer id | steuernummer
        numero de tva | tva | n tva | tva intracommunautaire | nif | cif | rfc | numero de identificacion fiscal | partita iva
    """,
    "registration_number": """
        registration number | company registration number | company number | register number | registered number
        commercial register | trade register number | company reg no | handelsregisternummer | handelsregister | hrb | siren | siret
        rcs | numero de registro | registro mercantil
    """,
    **address(
        "billing_",
        """
        billing | billing address | bill to | billto | bill | invoice | invoicing | invoice address | primary | primary address
        main | head office | hq | headquarters | business | work | address | location | registered | company | company address
        account | office | rechnungs | rechnungsadresse | rechnung | geschaftlich | facturation | adresse de facturation
        facturacion
        """,
        plain=True,
    ),
    **address(
        "shipping_",
        """
        shipping | shipping address | ship to | shipto | ship | delivery | delivery address | secondary | other | liefer
        lieferadresse | lieferung | livraison | adresse de livraison | envio | entrega
        """,
        plain=False,
    ),
    "billing_location": "office location | headquarters location | location | hq location | standort | emplacement | ubicacion",
    "source": """
        source | lead source | account source | original source | origin | acquisition source | customer source | source campaign
        original source type | original traffic source | herkunft | quelle | leadquelle | lead quelle | origine | origine du prospect
        origen | fuente
    """,
    "tags": """
        tags | tag | labels | label | categories | category labels | group | groups | group membership | account tags | company tags
        keywords list | stichworter | schlagworte | kategorien | etiquettes | categorie | etiquetas | categorias
    """,
    "description": """
        description | about | about us | notes | note | comments | remarks | company description | account description | note content
        additional information | background | beschreibung | notizen | bemerkungen | bemerkung | commentaires | remarques
        descripcion | notas | comentarios | observaciones
    """,
    "preferred_channel": """
        preferred channel | preferred contact method | preferred method of contact | contact method | preferred communication channel
        bevorzugte kontaktmethode | canal prefere | canal preferido
    """,
    "preferred_language": "preferred language | language | language code | default language | locale | sprache | langue | idioma",
    "topics": "topics | interests | topics of interest | areas of interest | interessen | centres d'interet | intereses",
    "owner": """
        owner | account owner | company owner | owner name | owner full name | sales owner | account manager | customer owner
        organization owner | assigned to | assigned user | sales rep | sales agent | responsible | account executive | owner alias
        kundenbetreuer | besitzer | inhaber | zustandig | verantwortlich | accountbesitzer | proprietaire | proprietaire du compte
        commercial | propietario | responsable
    """,
    "owner:id": """
        owner id | account owner id | company owner id | sales owner id | hubspot owner id | owner.id | user id | assigned user id
        ownerid
    """,
    "owner:email": """
        owner email | hubspot owner email | account owner email | owner email address | company owner email | owner's email
        sales owner email
    """,
    "team": """
        team | owning team | hubspot team | owner team | sales team | business unit | owning business unit | abteilung vertrieb
        equipe | equipo
    """,
    "team:id": "team id | hubspot team id | owning team id",
    "external_id": """
        id | account id | company id | customer id | external id | record id | organization id | account number | customer number
        client id | legacy id | external key | account external id | 18 digit account id | account id 18 | company record id
        object id | system id | vendor id | kundennummer | kunden nr | kundennr | debitorennummer | kontonummer | numero client
        code client | numero de cliente | codigo de cliente
    """,
    "created_at": """
        created at | created date | create date | created on | created | created time | add time | date created | creation date
        added on | account created date | organization created | customer since | added time | date added | erstellt am | erstellt
        angelegt am | cree le | date de creation | fecha de creacion | creado el | fecha de alta
    """,
}  # fmt: skip
