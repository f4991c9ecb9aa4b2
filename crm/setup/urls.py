"""The table of contents of Setup, and of what people set for themselves."""

from django.urls import path

from crm.setup.views.access import access
from crm.setup.views.fields import bring_back_field, drop_field, field, fields, new_field, place_field
from crm.setup.views.first_run import first_run
from crm.setup.views.homes import arrange_home, arrange_role_home
from crm.setup.views.invitations import invitation, invite, resend, revoke
from crm.setup.views.joining import join
from crm.setup.views.log import changes, sign_ins
from crm.setup.views.mail import delete_mail, held_mail, operators_mail, send_mail_again
from crm.setup.views.organization import close_first_steps, index, organization
from crm.setup.views.people import deactivate, forget_second_factor, people, person, reactivate, sign_out
from crm.setup.views.profile import own_sign_ins, profile
from crm.setup.views.role_editor import role
from crm.setup.views.roles import duplicate, new_role, remove_role, roles
from crm.setup.views.teams import team, teams
from crm.setup.views.tokens import all_tokens, own_tokens
from crm.setup.views.tokens import revoke as revoke_token
from crm.setup.views.viewing import stop_viewing, view_as

urlpatterns = [
    path("first-run/", first_run, name="first-run"),
    path("join/<str:key>/", join, name="join"),
    path("profile/", profile, name="profile"),
    path("profile/home/", arrange_home, name="home-arrange"),
    path("profile/sign-ins/", own_sign_ins, name="own-sign-ins"),
    path("profile/tokens/", own_tokens, name="own-tokens"),
    path("profile/tokens/<int:pk>/revoke/", revoke_token, name="token-revoke"),
    path("operator/mail/", operators_mail, name="operator-mail"),
    path("setup/", index, name="setup"),
    path("setup/first-steps/close/", close_first_steps, name="first-steps-close"),
    path("setup/organization/", organization, name="organization"),
    path("setup/people/", people, name="person-list"),
    path("setup/people/invite/", invite, name="person-invite"),
    path("setup/people/<int:pk>/", person, name="person"),
    path("setup/people/<int:pk>/deactivate/", deactivate, name="person-deactivate"),
    path("setup/people/<int:pk>/reactivate/", reactivate, name="person-reactivate"),
    path("setup/people/<int:pk>/second-factor/", forget_second_factor, name="person-second-factor"),
    path("setup/people/<int:pk>/sign-out/", sign_out, name="person-sign-out"),
    path("setup/people/<int:pk>/view/", view_as, name="person-view"),
    path("viewing/stop/", stop_viewing, name="viewing-stop"),
    path("setup/invitations/<int:pk>/", invitation, name="invitation"),
    path("setup/invitations/<int:pk>/resend/", resend, name="invitation-resend"),
    path("setup/invitations/<int:pk>/revoke/", revoke, name="invitation-revoke"),
    path("setup/teams/", teams, name="team-list"),
    path("setup/teams/<int:pk>/", team, name="team"),
    path("setup/roles/", roles, name="role-list"),
    path("setup/roles/new/", new_role, name="role-new"),
    path("setup/roles/<int:pk>/", role, name="role"),
    path("setup/roles/<int:pk>/home/", arrange_role_home, name="role-home"),
    path("setup/roles/<int:pk>/duplicate/", duplicate, name="role-duplicate"),
    path("setup/roles/<int:pk>/delete/", remove_role, name="role-delete"),
    path("setup/fields/", fields, name="field-list"),
    path("setup/fields/new/", new_field, name="field-new"),
    path("setup/fields/<int:pk>/", field, name="field"),
    path("setup/fields/<int:pk>/move/", place_field, name="field-move"),
    path("setup/fields/<int:pk>/remove/", drop_field, name="field-remove"),
    path("setup/fields/<int:pk>/bring-back/", bring_back_field, name="field-bring-back"),
    path("setup/sign-ins/", sign_ins, name="sign-in-list"),
    path("setup/access/", access, name="access-notice-list"),
    path("setup/changes/", changes, name="setup-changes"),
    path("setup/api/", all_tokens, name="api-token-list"),
    path("setup/mail/", held_mail, name="held-mail-list"),
    path("setup/mail/<int:pk>/send/", send_mail_again, name="mail-send"),
    path("setup/mail/<int:pk>/delete/", delete_mail, name="mail-delete"),
]
