"""Words of other systems for the fields of a contact (see synonyms)."""

from __future__ import annotations

from .synonyms_customers import address

CONTACT = {
    "full_name": """
        full name | name | contact name | person name | display name | contact full name | complete name | lead name | contact
        person | name full | voller name | vollstandiger name | nom complet | nombre completo | contacto
    """,
    "first_name": """
        first name | given name | firstname | first | forename | contact first name | fname | christian name | person first name
        vorname | prenom | nombre | nombre de pila | primer nombre
    """,
    "first_name:join": """
        middle name | additional name | second name | middle | middle names | weitere vornamen | zweiter vorname | deuxieme prenom
        segundo nombre
    """,
    "last_name": """
        last name | surname | family name | lastname | last | contact last name | lname | sur name | person last name | nachname
        familienname | name nachname | zuname | nom | nom de famille | apellido | apellidos | primer apellido
    """,
    "last_name:join": "suffix | name suffix | suffixe | sufijo | namenszusatz",
    "salutation": """
        salutation | name prefix | prefix | courtesy title | honorific | title of courtesy | personal title | ~~titre | ~~title
        anrede | titel | civilite | tratamiento | saludo
    """,
    "nickname": "nickname | nick name | spitzname | surnom | apodo",
    "job_title": """
        job title | ~title | position | job | jobtitle | ~occupation | organization title | job position | current position
        designation | business title | company title | person job title | ~role | ~profession | ~function | jobtitel | funktion
        beruf | stellenbezeichnung | poste | fonction | intitule du poste | cargo | puesto | titulo | profesion
    """,
    "department": """
        department | dept | division | organization department | business unit department | abteilung | service | departement service
        departamento
    """,
    "customer": """
        company | company name | account | account name | organization | organization name | organisation | organisation name
        employer | customer | customer name | company account | associated company | primary company | current company
        business name | associated company name | parent customer | parent account | client | business | firma | unternehmen
        firmenname | kunde | entreprise | societe | nom de la societe | compte | empresa | compania | cliente | cuenta
    """,
    "customer:id": """
        account id | company id | customer id | organization id | associated company id | associated company ids | parent customer id
        account name id | organization name id | company name id | primary associated company id | account.id | company record id
    """,
    "customer:domain": "company domain | company domain name | organization domain | company website domain",
    "email": """
        email | email address | emails | mail | primary email | contact email | email value | person email | main email | email id
        email address value | emailadresse | e-mail adresse | email adresse | adresse email | adresse e-mail | courriel
        adresse de messagerie | correo | correo electronico | direccion de correo electronico
    """,
    "email:work": """
        work email | business email | email work | company email | professional email | office email | email business
        work email address | email geschaftlich | geschaftliche email | email professionnel | correo del trabajo | email empresa
    """,
    "email:home": """
        home email | personal email | private email | email home | email personal | personal email address | email privat
        private email adresse | email personnel | correo personal
    """,
    "email:other": """
        other email | secondary email | alternate email | additional email | email other | additional email addresses
        alternative email | second email | weitere email | autre email | otro correo
    """,
    "email:kind": "email type | email label | email kind | email 1 type | type of email",
    "phone": """
        phone | phone number | telephone | tel | primary phone | phone value | main phone | contact phone | person phone
        contact number | phone no | telephone number | daytime phone | haupttelefon | telefon | telefonnummer | rufnummer
        telephone principal | numero de telephone | telefono | numero de telefono
    """,
    "phone:work": """
        work direct phone | corporate phone
        work phone | business phone | office phone | direct phone | phone work | work number | company phone | phone office
        phone business | direct dial | direct | direct line | company main phone | work | work telephone | telefon geschaftlich
        geschaftliches telefon | telefon firma | durchwahl | telephone bureau | telephone professionnel | telefono del trabajo
        telefono de trabajo | telefono empresa
    """,
    "phone:mobile": """
        mobile | mobile phone | mobile number | cell | cell phone | cellphone | mobile phone number | phone mobile | cellular
        mobile no | phone cell | car phone | tel mobile | handy | handynummer | mobil | mobiltelefon | mobilnummer | portable
        telephone portable | tel portable | movil | celular | telefono movil
    """,
    "phone:home": """
        home phone | phone home | private phone | home number | home telephone | home | telefon privat | telefon (privat) | privat
        telephone domicile | telephone personnel | telefono de casa | telefono particular | telefono privado
    """,
    "phone:fax": """
        fax | fax number | business fax | home fax | other fax | work fax | phone fax | telefax | fax geschaftlich | fax privat
        weiteres fax | telecopie | fax bureau
    """,
    "phone:other": """
        other phone | alternate phone | secondary phone | assistant phone | assistant's phone | phone other | pager | callback
        radio phone | other number | additional phone | asst phone | weiteres telefon | autotelefon | telefon assistent | ruckmeldung
        autre telephone | otro telefono
    """,
    "phone:kind": "phone type | phone label | phone kind | type of phone",
    "birthday": """
        birthday | birth date | birthdate | date of birth | dob | born | birth day | geburtstag | geburtsdatum | date de naissance
        anniversaire | fecha de nacimiento | cumpleanos
    """,
    "do_not_email": """
        do not email | email opt out | has opted out of email | opted out of email | unsubscribed | unsubscribed from all email
        opt out | do not allow emails | do not allow bulk emails | no email | email opted out | unsubscribe | do not bulk email
        keine emails | keine email | abgemeldet | ne pas envoyer d'email | desinscrit | no enviar email | baja
    """,
    "do_not_email:negated": "email opt in | subscribed | newsletter | accepts marketing | email consent | allow email | einwilligung email",
    "do_not_call": """
        do not call | do not phone | do not allow phone calls | no calls | phone opt out | do not contact by phone | nicht anrufen
        keine anrufe | ne pas appeler | no llamar
    """,
    "do_not_post": "do not post | do not allow mails | do not mail | no post | do not send mail | keine post | pas de courrier",
    "do_not_call:join": "do not contact",
    "linkedin": """
        linkedin | linkedin url | linkedin profile | linkedin profile url | person linkedin url | linked in | url | profile url
        linkedin bio
    """,
    "website": """
        website | webpage | web site | personal web page | personal website | homepage | blog | website url | website value
        web address | internet | webseite | site web | page web | pagina web | sitio web
    """,
    **address(
        "",
        """
        mailing | mailing address | business | business address | work | work address | address | primary | primary address | contact
        contact address | company address | street | postal | billing | office | geschaftlich | dienstlich | bureau | professionnelle
        trabajo | del trabajo | de trabajo
        """,
        plain=True,
    ),
    **address(
        "other_",
        """
        home | home address | other | other address | private | privat | weitere | weiterer | weiteres r | weiteres e | weiteres
        secondary | alternate | personal | domicile | personnelle | casa | particular
        """,
        plain=False,
    ),
    "source": """
        source | lead source | contact source | original source | origin | original source type | how did you hear about us
        source campaign | original traffic source | acquisition source | herkunft | quelle | leadquelle | lead quelle | origine
        origine du prospect | origen | fuente
    """,
    "tags": """
        tags | tag | labels | label | categories | groups | group membership | contact tags | lead tags | segments | kategorien
        schlagworte | stichworter | gruppen | etiquettes | etiquetas | categorias
    """,
    "description": """
        notes | note | description | comments | remarks | memo | contact notes | background | about | bio | note content
        additional information | notizen | bemerkungen | bemerkung | beschreibung | anmerkungen | commentaires | remarques | notas
        comentarios | descripcion | observaciones
    """,
    "preferred_channel": """
        preferred channel | preferred method of contact | preferred contact method | contact method | preferred communication channel
        canal prefere | canal preferido | bevorzugte kontaktmethode
    """,
    "preferred_language": "preferred language | language | language code | locale | sprache | langue | idioma",
    "topics": "interests | topics | topics of interest | areas of interest | hobbies | interessen | intereses",
    "owner": """
        owner | contact owner | lead owner | owner name | owner full name | sales owner | sales rep | account manager | assigned to
        assigned user | person owner | responsible | owner alias | besitzer | inhaber | zustandig | betreuer | verantwortlich
        proprietaire | proprietaire du contact | propietario | responsable
    """,
    "owner:id": """
        owner id | contact owner id | lead owner id | sales owner id | hubspot owner id | owner.id | user id | assigned user id
        ownerid
    """,
    "owner:email": """
        owner email | hubspot owner email | contact owner email | lead owner email | owner email address | owner's email
        sales owner email
    """,
    "team": "team | owning team | hubspot team | owner team | sales team | equipe | equipo",
    "team:id": "team id | hubspot team id | owning team id",
    "lead_status": "lead status | lead stage | contact status | lifecycle stage | contact stage | status | lead rating",
    "external_id": """
        id | contact id | lead id | person id | record id | external id | uid | legacy id | contact external id | object id | vid
        hubspot contact id | 18 digit contact id | record id contact | entity id | leid | kontakt id | kontaktnummer
        numero de contact | numero de contacto
    """,
    "created_at": """
        created at | created date | create date | created on | created | created time | add time | date created | creation date
        added on | date added | person created | lead created date | added time | erstellt am | erstellt | angelegt am | cree le
        date de creation | fecha de creacion | creado el | fecha de alta
    """,
}  # fmt: skip
