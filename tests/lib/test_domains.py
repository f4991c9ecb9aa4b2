import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.lib.domains import InvalidWebsite, display_website, domain_of, domain_of_email, is_freemail, normalise_website


@pytest.mark.parametrize(
    ("written", "url", "domain"),
    [
        ("acme.com", "https://acme.com", "acme.com"),
        ("  HTTP://WWW.Acme.COM/About/ ", "http://www.acme.com/About/", "acme.com"),
        ("https://shop.acme.co.uk/?q=1#top", "https://shop.acme.co.uk/?q=1#top", "acme.co.uk"),
        ("https://acme.com/", "https://acme.com", "acme.com"),
        ("//acme.com", "https://acme.com", "acme.com"),
        ("acme.com:8443/x", "https://acme.com:8443/x", "acme.com"),
        ("müller.de/straße", "https://xn--mller-kva.de/stra%C3%9Fe", "xn--mller-kva.de"),
        ("MÜLLER.de", "https://xn--mller-kva.de", "xn--mller-kva.de"),
        ("acme.com.", "https://acme.com", "acme.com"),
        ("www.com", "https://www.com", "www.com"),
        ("co.uk", "https://co.uk", "co.uk"),
        ("abc.com.au", "https://abc.com.au", "abc.com.au"),
        ("acme.wordpress.com", "https://acme.wordpress.com", "acme.wordpress.com"),
        ("https://www.linkedin.com/company/acme", "https://www.linkedin.com/company/acme", ""),
        ("http://192.168.1.5:8080/x", "http://192.168.1.5:8080/x", ""),
        ("http://[::1]/x", "http://[::1]/x", ""),
        ("intranet.local", "https://intranet.local", "intranet.local"),
        ("acme.com/a%20b", "https://acme.com/a%20b", "acme.com"),
    ],
)
def test_a_web_address_gets_one_form_and_its_domain(written: str, url: str, domain: str) -> None:
    assert normalise_website(written) == (url, domain)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("", "Write an address"),
        ("javascript:alert(1)", "“javascript:” is not an address of a web site"),
        ("JavaScript:alert(1)", "“JavaScript:”"),
        ("java\tscript:alert(1)", "no spaces"),
        ("data:text/html;base64,PHN2Zz4=", "“data:”"),
        ("file:///etc/passwd", "“file:”"),
        ("vbscript:x", "“vbscript:”"),
        ("ftp://acme.com", "“ftp:”"),
        ("mailto:alice@acme.com", "“mailto:”"),
        ("https://alice:secret@acme.com", "user name"),
        ("alice@acme.com", "e-mail address has a field"),
        ("acme corp.com", "no spaces"),
        ("acme", "“acme” is not a domain"),
        ("http://", "name of the web site is missing"),
        ("http://acme..com", "is not a domain"),
        ("http://-acme.com", "is not a domain"),
        ("http://acme.com:99999", "not a web address"),
        ("http://[::1", "not a web address"),
        ("https://acme.com/<script>", "no spaces"),
        ("https://acme.com/" + "x" * 300, "longer than 300"),
        ("none", "is not a domain"),
    ],
)
def test_bob_reads_how_to_mend_his_web_address(written: str, hint: str) -> None:
    with pytest.raises(InvalidWebsite, match=hint):
        normalise_website(written)


def test_an_address_is_shown_as_people_say_it() -> None:
    assert display_website("https://www.xn--mller-kva.de/") == "müller.de"
    assert display_website("http://acme.com/about") == "acme.com/about"


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("alice@mail.acme.co.uk", "acme.co.uk"),
        ("alice@ACME.com", "acme.com"),
        ("info@müller.de", "xn--mller-kva.de"),
        ("alice@gmail.com", ""),
        ("alice@t-online.de", ""),
        ("alice", ""),
        ("", ""),
        ("alice@", ""),
    ],
)
def test_free_mail_says_nothing_about_the_company(email: str, domain: str) -> None:
    assert domain_of_email(email) == domain


def test_website_and_email_of_a_company_share_the_domain() -> None:
    assert domain_of("https://www.acme.com/en") == domain_of_email("alice@eu.acme.com") == "acme.com"
    assert domain_of("not a website") == ""
    assert is_freemail("GMail.com")


websites = st.one_of(st.text(), st.from_regex(r"(https?:/{0,3})?[\w.-]{1,20}\.\w{1,5}(:\d{1,5})?(/[\w?#%@:/ü-]{0,20})?", fullmatch=True))


@given(websites)
def test_any_text_is_a_web_address_for_good_or_refused(text: str) -> None:
    try:
        url, domain = normalise_website(text)
    except InvalidWebsite as error:
        assert str(error).endswith(".")
        return
    assert url.startswith(("https://", "http://"))
    assert url.isascii()
    assert len(url) <= 300
    assert normalise_website(url) == (url, domain)
    assert normalise_website(display_website(url))[1] == domain


@given(st.text())
def test_looking_for_a_domain_never_fails(text: str) -> None:
    domain_of(text)
    domain_of_email(text)
    display_website(text)
