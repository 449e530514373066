"""The addresses of signing in and of one's own account. The library finds them by these names.

What the library also offers is left out, so that it is not there: signing up, changing the address, signing in by code.
"""

from allauth.mfa.recovery_codes.views import download_recovery_codes
from django.urls import path, re_path

from commonground.web.views.accounts import home, invited, passwords, second_factor, signing_in

urlpatterns = [
    path("sign-in", signing_in.SignIn.as_view(), name="account_login"),
    path("sign-in/code", signing_in.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey", signing_in.PasskeyAlone.as_view(), name="mfa_login_webauthn"),
    path("sign-in/closed", signing_in.Inactive.as_view(), name="account_inactive"),
    path("sign-out", signing_in.SignOut.as_view(), name="account_logout"),
    path("invited/<str:secret>", invited.invited, name="invited"),
    path("password/forgotten", passwords.Forgotten.as_view(), name="account_reset_password"),
    path("password/mailed", passwords.Mailed.as_view(), name="account_reset_password_done"),
    path("password/chosen", passwords.chosen, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/choose/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[^/]+)$",
        passwords.ChooseNew.as_view(),
        name="account_reset_password_from_key",
    ),
    path("account", home.home, name="account"),
    path("account/posts", home.seats, name="seats"),
    path("account/no-post", home.no_post, name="no-post"),
    path("account/sessions", home.Sessions.as_view(), name="usersessions_list"),
    path("account/password", passwords.Change.as_view(), name="account_change_password"),
    path("account/again", signing_in.PasswordAgain.as_view(), name="account_reauthenticate"),
    path("account/again/code", signing_in.CodeAgain.as_view(), name="mfa_reauthenticate"),
    path("account/again/passkey", signing_in.PasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("account/second-factor", second_factor.Overview.as_view(), name="mfa_index"),
    path("account/second-factor/needed", second_factor.Overview.as_view(), name="second-factor-needed"),
    path("account/second-factor/app", second_factor.AddApp.as_view(), name="mfa_activate_totp"),
    path("account/second-factor/app/remove", second_factor.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("account/second-factor/codes", second_factor.Codes.as_view(), name="mfa_view_recovery_codes"),
    path("account/second-factor/codes/new", second_factor.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("account/second-factor/codes/file", download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/second-factor/passkeys/new", second_factor.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "account/second-factor/passkeys/<int:pk>/remove",
        second_factor.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("account/second-factor/passkeys/<int:pk>/name", second_factor.NamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("account/second-factor/passkeys", second_factor.Overview.as_view(), name="mfa_list_webauthn"),
]
