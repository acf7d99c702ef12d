"""What an email says, whoever wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messaging.mail_reading import read_mail
from app.messaging.mail_text import answer_in, text_of_html
from tests.wire.mails import make_bounce, make_complaint, make_mail


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, Nov 2, 2026 at 9:00 AM Tint World <hello@tint.example.com> wrote:\n\n> Hi Maria\n> STOP",
        "El lun, 2 nov 2026 a las 9:00, Tint World (<hello@tint.example.com>) escribió:\n\n> Hola",
        "Le lun. 2 nov. 2026 à 09:00, Tint World <hello@tint.example.com> a écrit :\n\n> Bonjour",
        "-----Original Message-----\nFrom: Tint World\nSent: Monday\nTo: Maria\nSubject: hi\n\nHello",
        "________________________________\nFrom: Tint World <a@b.c>\nSent: Monday, November 2, 2026 9:00 AM\n"
        "To: Maria <m@x.c>\nSubject: q\n\nHi",
    ],
)
def test_only_what_stands_above_the_quoted_mail_counts(quoted):
    assert answer_in(f"Great, 3 pm works.\n\n{quoted}") == "Great, 3 pm works."


def test_an_answer_is_never_emptied():
    assert answer_in("> only a quote") == "> only a quote"


def test_html_mail_is_read_without_its_quote_and_styles():
    markup = (
        "<style>p{}</style><p>Yes &amp; no</p><div>3 pm<br>please</div>"
        '<div class="gmail_quote">On Monday Tint World wrote:<blockquote>Hi</blockquote></div>'
    )
    assert text_of_html(markup).split() == ["Yes", "&", "no", "3", "pm", "please"]
    assert read_mail(make_mail("", html=markup)).text.split() == ["Yes", "&", "no", "3", "pm", "please"]


def test_an_answer_names_what_it_answers_the_nearest_first():
    mail = read_mail(make_mail("Yes", In_Reply_To="<b@x>", References="<a@x> <b@x>"))
    assert (mail.kind, mail.sender, mail.text) == ("answer", "maria@example.com", "Yes")
    assert mail.about == ("<b@x>", "<a@x>")
    assert mail.recipients == ("hello@tint.example.com",)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=x@y.z"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Response_Suppress": "All"},
        {"Subject": "Automatic reply: your quote request"},
        {"Subject": "Out of office: Re: your quote"},
        {"Subject": "Respuesta automática: cotización"},
        {"Subject": "Réponse automatique : soumission"},
        {"From": "no-reply@example.com"},
        {"From": "MAILER-DAEMON@example.com"},
        {"Return_Path": "<>"},
    ],
)
def test_machines_answers_are_told_from_people_s(headers):
    assert read_mail(make_mail("I am away.", **headers)).kind == "automatic"


def test_people_s_are_not_taken_for_machines():
    for headers in ({"Auto_Submitted": "no"}, {"Subject": "Re: my auto: tint?"}, {"From": "noreen@example.com"}):
        assert read_mail(make_mail("Hi", **headers)).kind == "answer"


def test_a_bounce_names_the_mail_and_whether_it_lasts():
    gone = read_mail(make_bounce("<ours@tint.example.com>"))
    assert (gone.kind, gone.code, gone.lasting, gone.failed_recipient) == ("bounce", "5.1.1", True, "maria@example.com")
    assert gone.about == ("<ours@tint.example.com>",)
    assert not read_mail(make_bounce("<o@x>", status="5.2.2")).lasting, "a full mailbox is emptied some day"
    assert not read_mail(make_bounce("<o@x>", status="4.4.1", action="delayed")).lasting
    assert read_mail(make_bounce("<o@x>", status="2.0.0", action="delivered")).kind == "automatic"


def test_a_complaint_names_the_mail_and_its_recipient():
    complaint = read_mail(make_complaint("<ours@tint.example.com>"))
    assert (complaint.kind, complaint.failed_recipient) == ("complaint", "maria@example.com")
    assert complaint.about == ("<ours@tint.example.com>",)
    assert read_mail(make_complaint("<o@x>", "not-spam")).kind == "automatic"


def test_what_names_no_sender_is_no_mail():
    assert read_mail(b"hello") is None
    assert read_mail(b"Subject: hi\r\n\r\nx") is None


def test_odd_character_sets_and_headers_are_read_all_the_same():
    raw = b"From: m@example.com\r\nSubject: =?x-odd?q?=E9?=\r\nContent-Type: text/plain; charset=x-none\r\n\r\nHi \xff"
    assert read_mail(raw).sender == "m@example.com"
    assert read_mail(b"From: m@example.com\r\nMessage-ID: <<odd\r\nTo: ,,;\r\n\r\nHi").text == "Hi"


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(raw):
    for whole in (raw, b"From: m@example.com\r\n" + raw, b"From: m@example.com\r\nContent-Type: " + raw):
        mail = read_mail(whole)
        assert mail is None or "@" in mail.sender or mail.kind in ("bounce", "complaint", "automatic")
