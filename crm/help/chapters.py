"""Which chapter of the help explains which page: a page of docs/ and an anchor in it, and the names of the addresses it stands for."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

ELSE = "users/first-steps"
ERRORS = "users/errors"

CHAPTERS = {
    "users/first-steps#help-on-a-page": "help help-page help-image theme healthz",
    "users/sign-in#with-a-password": """
        account_login account_logout account_reauthenticate account_inactive account_signup account_set_password
        """,
    "users/sign-in#an-invitation": "join first-run account_confirm_email account_email_verification_sent",
    "users/sign-in#a-forgotten-password": "account_reset_password*",
    "users/sign-in#a-second-factor": "account_confirm_login_code mfa_authenticate mfa_reauthenticate mfa_reauthenticate_webauthn",
    "users/sign-in#a-passkey": "mfa_login_webauthn",
    "users/my-day": "home",
    "users/my-day#choose-your-panels": "home-arrange",
    "users/lists": "customer-list contact-list customer-peek contact-peek",
    "users/lists#saved-views": "saved-views",
    "users/lists#change-a-value-in-the-list": "customer-cell customer-cell-undo contact-cell contact-cell-undo",
    "users/records": "customer-detail contact-detail record-suggest",
    "users/records#add-a-record": "customer-create contact-create",
    "users/records#change-a-record": "customer-update contact-update",
    "users/records#contacts-and-related-customers": """
        customer-relate customer-unrelate contact-point-add contact-point-change contact-point-primary contact-point-remove
        contact-role-add contact-role-change contact-role-main contact-role-remove
        """,
    "users/records#delete-a-record": "record-delete record-restore",
    "users/activities": "activity-write activity-delete activity-restore",
    "users/activities#tasks": "task-list task-create task-detail task-update task-complete task-reopen task-snooze",
    "users/activities#calls": "call-list call-create call-detail call-update",
    "users/activities#meetings": "meeting-list meeting-create meeting-detail meeting-update colleague-suggest",
    "users/activities#notes-and-mentions": "note-list note-create note-detail note-update mention-suggest",
    "users/activities#write-on-a-record": "email-list email-create email-detail email-update",
    "users/activities#the-timeline": "record-timeline",
    "users/pipeline#the-board": "opportunity-board",
    "users/pipeline": "opportunity-list opportunity-peek opportunity-detail",
    "users/pipeline#add-a-sale": "opportunity-create opportunity-update opportunity-cell opportunity-cell-undo",
    "users/pipeline#move-a-sale": "opportunity-stage",
    "users/sharing#why-you-see-it": "record-why",
    "users/sharing#share-a-record": "record-share",
    "users/sharing#follow-a-record": "record-follow",
    "users/search#search-everything": "search",
    "users/many-records": "bulk-list bulk-new bulk-detail",
    "users/many-records#look-first-then-change": "bulk-run bulk-discard",
    "users/many-records#take-it-back": "bulk-undo",
    "users/import": "import-list",
    "users/import#choose-a-file": "import-new",
    "users/import#map-the-columns": "import-columns import-choices",
    "users/import#recognise-what-is-here-already": "import-match",
    "users/import#look-before-you-import": "import-detail import-commit import-discard",
    "users/import#afterwards": "import-undo import-refused",
    "users/exports#export-a-list": "export-new",
    "users/exports#your-files": "export-list export-download export-delete",
    "users/history#change-history": "record-history record-restore-value",
    "users/history#recycle-bin": "recycle-bin record-purge",
    "users/history#long-work": "job-list job-detail job-cancel",
    "users/notifications#the-bell": """
        notification-list notification-bell notification-read-all notification-open notification-read notification-unread
        """,
    "users/notifications#what-you-are-told": "notification-preferences",
    "users/calendar": "own-calendar calendar",
    "users/calendar#one-meeting-as-a-file": "meeting-file",
    "users/account#profile": "profile",
    "users/account#password-and-e-mail-addresses": "account_change_password account_email",
    "users/account#second-factor-and-passkeys": "mfa_*",
    "users/account#signed-in-devices": "usersessions_list own-sign-ins end-session",
    "users/account#api-tokens": "own-tokens token-revoke api-docs api-document api:*",
    "users/account#when-an-administrator-looks-as-you": "viewing-stop",
    "users/errors#no-connection": "offline service-worker",
    "administrators/set-up": "setup first-steps-close",
    "administrators/set-up#the-organization": "organization",
    "administrators/people-and-roles#people": """
        person-list person-invite person person-deactivate person-reactivate person-second-factor person-sign-out
        invitation invitation-resend invitation-revoke
        """,
    "administrators/people-and-roles#teams": "team-list team",
    "administrators/people-and-roles#the-first-page-of-a-role": "role-home",
    "administrators/people-and-roles#roles": "role-list role-new role role-duplicate role-delete",
    "administrators/security#see-tern-as-somebody-else": "person-view",
    "administrators/security#unusual-access": "access-notice-list",
    "administrators/security#sign-ins-and-sessions": "sign-in-list",
    "administrators/security#changes": "setup-changes",
    "administrators/api#tokens": "api-token-list",
    "administrators/mail": "held-mail-list mail-send mail-delete notification-uncertain notification-settle operator-mail",
    "administrators/tags-and-doubles#doubles": "double-list",
    "administrators/tags-and-doubles#tags": "tag-list tag-change tag-merge tag-remove",
    "administrators/fields": "field-list field-new field field-move field-remove field-bring-back",
    "administrators/admin": "admin:*",
}


@dataclass(frozen=True)
class Chapter:
    """A page of the help, `users/lists`, and an anchor in it, or none for its beginning."""

    page: str
    anchor: str = ""

    @property
    def address(self) -> str:
        return reverse("help-page", args=self.page.split("/")) + (f"#{self.anchor}" if self.anchor else "")

    @property
    def beside(self) -> str:
        """What the modal outlet asks for: that chapter alone."""
        return reverse("help-page", args=self.page.split("/")) + (f"?section={self.anchor}" if self.anchor else "")


def _chapter(written: str) -> Chapter:
    page, _hash, anchor = written.partition("#")
    return Chapter(page, anchor)


BY_NAME = {name: _chapter(written) for written, names in CHAPTERS.items() for name in names.split() if not name.endswith("*")}
BY_BEGINNING = {
    name.removesuffix("*"): _chapter(written) for written, names in CHAPTERS.items() for name in names.split() if name.endswith("*")
}


def chapter_of(name: str) -> Chapter | None:
    """The chapter for the address of that name; None where the table does not know it."""
    beginning = next((begin for begin in BY_BEGINNING if name.startswith(begin)), "")
    return BY_NAME.get(name) or BY_BEGINNING.get(beginning)


def chapter_for(request: HttpRequest) -> Chapter:
    """What explains the page that answers this request."""
    match = request.resolver_match
    return (chapter_of(match.view_name) if match else None) or _chapter(ELSE)


def chapter_on_errors() -> Chapter:
    return _chapter(ERRORS)
