import pytest

from classify.accounts import account_email
from classify.addresses import address_in
from classify.attachments import has_curriculum, has_identity_document
from classify.authorities import is_official_domain, load_authorities
from classify.companies import customer_company
from classify.deadlines import deadline_in
from classify.form_lines import read_form_lines
from classify.hint_phrases import means_own_address
from classify.phones import phone_in
from classify.reading import read
from classify.regulations import regulation_named
from models.mail import Attachment

NO_FORM = read_form_lines("")


@pytest.mark.parametrize(
    ("text", "language", "deadline"),
    [
        ("Please answer within one month.", "en", "within one month"),
        ("I need this by Friday, thanks", "en", "by Friday"),
        ("no later than 14 March 2026 please", "en", "no later than 14 March 2026"),
        ("Necesito respuesta antes del 15 de marzo.", "es", "antes del 15 de marzo"),
        ("Les doy diez días hábiles.", "es", "diez días hábiles"),
        ("Merci de répondre sous 30 jours.", "fr", "sous 30 jours"),
        ("avant le 3 octobre", "fr", "avant le 3 octobre"),
        ("Ich erwarte Ihre Antwort binnen 14 Tagen.", "de", "binnen 14 Tagen"),
        ("bis zum 18. August 2026", "de", "bis zum 18. August 2026"),
        ("Rispondete entro 30 giorni.", "it", "entro 30 giorni"),
        ("Graag een antwoord binnen vier weken", "nl", "binnen vier weken"),
        ("Wij verwachten uw reactie tegen vrijdag.", "nl", "tegen vrijdag"),
        ("Aspetto risposta prima del 22 maggio.", "it", "prima del 22 maggio"),
        ("entro e non oltre sessanta giorni", "it", "entro e non oltre sessanta giorni"),
        ("Proszę o odpowiedź do piątku.", "pl", "do piątku"),
        ("najpóźniej do 30 czerwca 2026 r.", "pl", "najpóźniej do 30 czerwca 2026 r."),
        ("Agradeço resposta em 10 dias úteis.", "pt", "em 10 dias úteis"),
        ("Schicken Sie es bis Ende September 2024.", "de", "bis Ende September 2024"),
        ("J'ai payé pour 15 euros.", "fr", None),
        ("Reply within one month of receipt of this letter.", "en", "within one month of receipt of this letter"),
        (
            "Please fix it before the lists are printed on 5 December.",
            "en",
            "before the lists are printed on 5 December",
        ),
        ("It is here by Friday 6 March at noon, or else.", "en", "by Friday 6 March at noon"),
        ("Delete it before you go home tonight!", "en", "before you go home tonight"),
        ("You have 30 days to answer.", "en", "30 days"),
        ("La respuesta, en el plazo de un mes, por favor.", "es", "en el plazo de un mes"),
        ("Merci de répondre endéans les 30 jours.", "fr", "endéans les 30 jours"),
        ("Dites-moi quand c'est fait, pour le 15 au plus tard.", "fr", "pour le 15 au plus tard"),
        ("Il me faudrait l'accès, lundi au plus tard.", "fr", "lundi au plus tard"),
        (
            "U dient binnen een maand na ontvangst van deze brief te antwoorden.",
            "nl",
            "binnen een maand na ontvangst van deze brief",
        ),
        (
            "Se riuscite entro la riapertura del 2 settembre mi fate felice.",
            "it",
            "entro la riapertura del 2 settembre",
        ),
        ("Se lo cambiate entro le 18 dovremmo farcela.", "it", "entro le 18"),
        ("Agradeço resposta no prazo de 10 dias úteis.", "pt", "no prazo de 10 dias úteis"),
        ("Mein Film läuft bis Dienstag. Bitte löschen Sie das Foto bis zum 3. Mai.", "de", "bis zum 3. Mai"),
        ("Bitte unverzüglich, spätestens binnen zwei Wochen", "de", "spätestens binnen zwei Wochen"),
        ("I have been a customer for ten years.", "en", None),
        ("I wrote to you two weeks ago.", "en", None),
        ("Hallo", "und", None),
    ],
)
def test_a_deadline_is_given_as_written(text: str, language: str, deadline: str | None) -> None:
    assert deadline_in(text, language) == deadline


@pytest.mark.parametrize(
    ("text", "language", "phone"),
    [
        ("Call me on (+34) 655 220 914, please", "es", "(+34) 655 220 914"),
        ("ich komm nicht in mein konto. 0171 5550 639", "de", "0171 5550 639"),
        ("Bellen mag: 0032 489 00 16 74.", "fr", "0032 489 00 16 74"),
        ("7180 Disentis/Mustér\n081 555 27 90", "de", "081 555 27 90"),
        ("the connection stays, 98260 55534.", "en", "98260 55534"),
        ("das Darlehen 60 4471 882 ist zurückgezahlt", "de", None),
        (
            f"{'Mein Mandant wünscht Auskunft. ' * 3}\n\nAvv. Bo Rea\nVia Po 8, 10100 Torino – tel. 0971 555 230",
            "it",
            None,
        ),
        (f"{'Please delete me. ' * 3}\nmy brother in law\nring 07700 900642", "en", "07700 900642"),
        ("Call me on 0113 496 0182.", "en", "0113 496 0182"),
        ("mi móvil es 654 118 902", "es", "654 118 902"),
        ("Tél. 06 39 98 33 29", "fr", "06 39 98 33 29"),
        ("Tel.: +41 76 555 90 12", "de", "+41 76 555 90 12"),
        ("You can reach me (559) 555-0163 after six.", "en", "(559) 555-0163"),
        ("Pode ligar: (31) 98555-0118", "pt", "(31) 98555-0118"),
        ("Oddzwońcie, 574 118 903, po południu", "pl", "574 118 903"),
        ("il mio (392 555 6677) è sempre acceso", "it", "392 555 6677"),
        ("pratica 2025/3391 del 4 maggio", "it", None),
        ("telefonino 347 123 4567, chiamatemi al 347 123 4567", "it", "347 123 4567"),
        ("Invoice 2024-00118273, customer number 884 221 907", "en", None),
        ("IBAN DE89 3704 0044 0532 0130 00", "de", None),
        ("Case IC-288140-X of 12.03.2026", "en", None),
        ("Kundennummer 4471902881", "de", None),
        ("", "en", None),
    ],
)
def test_a_phone_number_is_told_from_other_numbers(text: str, language: str, phone: str | None) -> None:
    assert phone_in(text, language, NO_FORM) == phone


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Post an Kirchgasse 12, 5500 Bischofshofen", "Kirchgasse 12, 5500 Bischofshofen"),
        ("Via Sursilvana 12, 7180 Disentis/Mustér", "Via Sursilvana 12, 7180 Disentis/Mustér"),
        ("I am at 7 Bóthar na Trá, Dingle, Co. Kerry, V92 X3K7", "7 Bóthar na Trá, Dingle, Co. Kerry, V92 X3K7"),
        ("(no. 0088-3127), Flat 4, 61 Station Road, Harrogate HG1 1ZQ", "Flat 4, 61 Station Road, Harrogate HG1 1ZQ"),
        ("Calle Sol 11, Col. Morelos, C.P. 44910, Guadalajara", "Calle Sol 11, Col. Morelos, C.P. 44910, Guadalajara"),
        (
            "vivo en Avenida de Portugal, 41, escalera 2, 4.º D, 37005 Salamanca",
            "Avenida de Portugal, 41, escalera 2, 4.º D, 37005 Salamanca",
        ),
        (
            "con domicilio en Lleida, calle Mayor, núm. 8, 1.º 2.ª, 25005 Lleida",
            "calle Mayor, núm. 8, 1.º 2.ª, 25005 Lleida",
        ),
        (
            "Rua Sol, 1042, casa 2, Centro, Uberaba/MG, CEP 38010-000",
            "Rua Sol, 1042, casa 2, Centro, Uberaba/MG, CEP 38010-000",
        ),
        ("Karen Doyle\n14 Larch Close\nLeeds LS7 3QT", "14 Larch Close, Leeds LS7 3QT"),
        ("I live at 6 Oast Court, Faversham ME13 8QD.", "6 Oast Court, Faversham ME13 8QD"),
        ("con domicilio en Calle Mayor 5, 3.º B, 31001 Pamplona, España", "Calle Mayor 5, 3.º B, 31001 Pamplona"),
        ("J'habite 5 rue du Puits-Doré, 37000 Tours. Merci.", "5 rue du Puits-Doré, 37000 Tours"),
        ("Hartmut Zwirner\nLindenallee 48\n06502 Thale", "Lindenallee 48, 06502 Thale"),
        ("wohnhaft Hauptplatz 11/4, 3300 Amstetten", "Hauptplatz 11/4, 3300 Amstetten"),
        ("abito in Via Garibaldi 12, 20121 Milano", "Via Garibaldi 12, 20121 Milano"),
        ("moro na Rua das Flores 20, 4050-262 Porto", "Rua das Flores 20, 4050-262 Porto"),
        ("Keizersgracht 100, 1015 AA Amsterdam", "Keizersgracht 100, 1015 AA Amsterdam"),
        ("ul. Długa 5, 00-238 Warszawa", "ul. Długa 5, 00-238 Warszawa"),
        ("410 Maple Hollow Rd, Sacramento, CA 95822", "410 Maple Hollow Rd, Sacramento, CA 95822"),
        ("I paid 12000 Euro in 2021 There", None),
        ("The weather is fine.", None),
    ],
)
def test_an_address_is_found_in_blocks_and_sentences(text: str, address: str | None) -> None:
    assert address_in(text, NO_FORM, "Karen Doyle") == address


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Full name: Karen Doyle", "name", "Karen Doyle"),
        ("Nombre completo: Carolina Estévez", "name", "Carolina Estévez"),
        ("Nom : X Y / Compte : a@b.example / Tél : 06 39 98 13 06", "email", "a@b.example"),
        ("E-Mail des Kontos: k@b.example", "email", "k@b.example"),
        ("- Postal address: 1 High St, Leeds", "address", "1 High St, Leeds"),
        ("Telefon: 0178 5550 913", "phone", "0178 5550 913"),
        ("Account e-mail:\nPhone: n/a", "email", None),
        ("Dirección: (prefiero no darla)", "address", None),
        ("My question: when?", "name", None),
    ],
)
def test_filled_form_lines_are_read_and_placeholders_are_not(text: str, kind: str, value: str | None) -> None:
    assert read_form_lines(text).get(kind) == value


@pytest.mark.parametrize(
    ("text", "language", "regulation"),
    [
        ("under the GDPR", "en", "GDPR"),
        ("conforme al RGPD", "es", "GDPR"),
        ("gemäß Art. 15 DSGVO", "de", "GDPR"),
        ("op grond van de AVG", "nl", "GDPR"),
        ("na podstawie RODO", "pl", "GDPR"),
        ("under the UK GDPR", "en", "UK GDPR"),
        ("under the Data Protection Act 2018", "en", "UK GDPR"),
        ("under the CCPA", "en", "CCPA"),
        ("nos termos da LGPD", "pt", "LGPD"),
        ("gemäss DSG", "de", "DSG"),
        ("selon la LPD suisse", "fr", "DSG"),
        ("under PIPEDA", "en", "PIPEDA"),
        ("my avg speed is fine", "en", None),
        ("delete my data", "en", None),
    ],
)
def test_the_law_is_told_by_the_names_people_use(text: str, language: str, regulation: str | None) -> None:
    assert regulation_named(text, language) == regulation


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("or I go to the ICO", "ICO"),
        ("the Information  Commissioner's\nOffice", "ICO"),
        ("acudiré a la Agencia Española de Protección de Datos", "AEPD"),
        ("je saisirai la CNIL", "CNIL"),
        ("Beschwerde beim BayLDA", "BayLDA"),
        ("Berliner Beauftragte für Datenschutz", "BlnBDI"),
        ("LfDI Baden-Württemberg", "LfDI Baden-Württemberg"),
        ("reclamo al Garante per la protezione dei dati personali", "Garante"),
        ("skarga do UODO", "UODO"),
        ("klacht bij de Autoriteit Persoonsgegevens", "AP"),
        ("a nice picnic, iconic even", None),
    ],
)
def test_an_authority_is_given_by_its_usual_short_name(text: str, authority: str | None) -> None:
    assert load_authorities().named(text) == authority


def test_an_authority_is_known_by_its_domain_and_not_by_a_lookalike() -> None:
    authorities = load_authorities()
    assert authorities.of_domain("casework.ico.org.uk") == "ICO"
    assert authorities.of_domain("cnil.fr") == "CNIL"
    assert authorities.of_domain("cnil.fr.evil.example") is None
    assert authorities.of_domain("notico.org.uk") is None
    assert is_official_domain("met.police.uk")
    assert not is_official_domain("policyshop.example")


@pytest.mark.parametrize(
    ("name", "papers"),
    [
        ("passport.jpg", "identity"),
        ("dni_delante.jpg", "identity"),
        ("CNI_recto.jpg", "identity"),
        ("PersonalausweisVorne.pdf", "identity"),
        ("licence_front.jpg", "identity"),
        ("carta d'identità.pdf", "identity"),
        ("dowod_osobisty.png", "identity"),
        ("CV_MD.pdf", "curriculum"),
        ("Lebenslauf.pdf", "curriculum"),
        ("invoice.pdf", ""),
        ("licence_agreement.pdf", ""),
        ("identity_theft.exe", ""),
        ("video.mp4", ""),
    ],
)
def test_attachments_are_known_by_their_names(name: str, papers: str) -> None:
    files = [Attachment(name, "application/octet-stream", 1, "")]
    assert has_identity_document(files) == (papers == "identity")
    assert has_curriculum(files) == (papers == "curriculum")


def test_a_customer_of_the_list_is_found_as_written() -> None:
    assert customer_company("I shop at STRIDE fitness", "en", ["Acme", "Stride Fitness"]) == "STRIDE fitness"


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("I shop at alder and rowe.", "alder and rowe"),
        ("Bei ALDER & ROWE LTD. habe ich gekauft", "ALDER & ROWE LTD."),
        ("mon compte chez Cafe Munoz", "Cafe Munoz"),
        ("the box arrived broken", None),
        ("I have a card of Box", "Box"),
        ("Alder Rowan", None),
    ],
)
def test_a_customer_of_the_list_is_found_in_other_spellings(text: str, company: str | None) -> None:
    assert customer_company(text, "en", ["Alder & Rowe Ltd", "Café Muñoz S.L.", "Box GmbH", "&"]) == company


def test_the_account_is_the_address_in_the_text_before_that_of_the_sender(letter) -> None:  # type: ignore[no-untyped-def]
    reading = read(letter("", "My account is under old.karen@mail.example."))
    assert account_email(reading, NO_FORM, means_own=True) == "old.karen@mail.example"


def test_the_sender_is_the_account_only_where_the_writer_means_that_address(letter) -> None:  # type: ignore[no-untyped-def]
    reading = read(letter("", "Delete my profile."))
    assert account_email(reading, NO_FORM, means_own=True) == "karen.doyle@brightmail.example"
    assert account_email(reading, NO_FORM, means_own=False) is None


def test_our_own_address_is_never_the_account(letter) -> None:  # type: ignore[no-untyped-def]
    reading = read(letter("", "Sent to privacy@desk.example as your site says."))
    assert account_email(reading, NO_FORM, means_own=False) is None


@pytest.mark.parametrize(
    ("body", "account"),
    [
        ("Please close it. I log in as old.karen@mail.example.", "old.karen@mail.example"),
        ("My login is k@mail.example; write to my solicitor at info@law.example.", "k@mail.example"),
        ("Send the file straight to import@newshop.example.", None),
        ("My friend (carla@mail.example) has had an answer!", None),
        ("Pass the readings to them, their desk is data-in@merlin.example.", None),
        ("¿Se lo mandan directo a ingreso@correo.example?", None),
        ("W dzienniku, do którego mogę się zalogować (a.r+x@poczta.example), jest zdjęcie.", "a.r+x@poczta.example"),
        ("Beschweren kann ich mich laut Aushang bei datenschutz@firma.example.", None),
        ("Mi usuario es k.alt@correo.example, contesten a mi hija (ana@correo.example).", "k.alt@correo.example"),
        ("Supprimez le profil de mon frère (marc@poste.example), il est mort.", "marc@poste.example"),
        ("Proszę wysłać to na adres import@nowa.example", None),
        ("I sign in with k@mail.example. Don't answer there, this one, karen@x.example, is mine.", "k@mail.example"),
        ("E-mail: old@mail.example -> new@mail.example", "old@mail.example"),
        ("La responsable du magasin (lea@boutique.example) est au courant.", None),
        ("Referenze: la prof.ssa Neri, a.neri@ateneo.example", None),
        ("Im System stehe ich noch als k.alt@post.example, neue E-Mail: karen@post.example", "k.alt@post.example"),
    ],
)
def test_whose_an_address_is_the_words_before_it_tell(letter, body: str, account: str | None) -> None:  # type: ignore[no-untyped-def]
    assert account_email(read(letter("", body)), NO_FORM, means_own=False) == account


@pytest.mark.parametrize(
    ("body", "account"),
    [
        ("Erase my things.\n\nKaren Doyle\n+44 113 496 0182 | karen.doyle@brightmail.example", None),
        ("Erase my things. Please answer to karen.doyle@brightmail.example only.", None),
        ("Get rid of my account (karen.doyle@brightmail.example)", "karen.doyle@brightmail.example"),
        ("Karen Doyle\nE-mail: karen.doyle@brightmail.example\nErase my things.", "karen.doyle@brightmail.example"),
    ],
)
def test_the_writers_own_address_counts_where_it_is_given_to_be_found(letter, body: str, account: str | None) -> None:  # type: ignore[no-untyped-def]
    assert account_email(read(letter("", body)), NO_FORM, means_own=False) == account


@pytest.mark.parametrize(
    "body",
    [
        "Rob left us. Please remove his user (stores@brightmail.example) from our plan.",
        "Removam também o usuário estagiario2@brightmail.example da conta.",
        "Merci de supprimer son utilisateur (stage@brightmail.example) de notre abonnement.",
    ],
)
def test_a_user_who_is_to_go_is_somebody_else_where_nobody_uses_a_right(letter, body: str) -> None:  # type: ignore[no-untyped-def]
    assert account_email(read(letter("", body)), NO_FORM, means_own=False, uses_right=False) is None


def test_an_address_that_bears_the_name_of_somebody_else_is_theirs(letter) -> None:  # type: ignore[no-untyped-def]
    body = "Ask Jordan, jordan@hotline.example, who knows. It is about karen.old@mail.example by the way."
    assert account_email(read(letter("", body)), NO_FORM, "Karen Doyle", means_own=False) == "karen.old@mail.example"


def test_an_address_in_a_quoted_header_is_not_the_account(letter) -> None:  # type: ignore[no-untyped-def]
    reading = read(letter("", "From: care@shop.example\nTo: karen@other.example\nSent: Monday\n\nWho are you?"))
    assert account_email(reading, NO_FORM, means_own=False) is None


def test_what_a_lawyer_signs_with_is_not_the_account(letter) -> None:  # type: ignore[no-untyped-def]
    sender = "Prewitt Solicitors <m.prewitt@prewitt.example>"
    reading = read(letter("", "Copies please.\nM. Prewitt\nm.prewitt@prewitt.example", sender=sender))
    assert account_email(reading, NO_FORM, means_own=False) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the login is the mail I'm writing from", "en"),
        ("my account is register with same email like this one", "en"),
        ("la cuenta va con este mismo correo", "es"),
        ("Mon identifiant, c'est l'e-mail de ce message.", "fr"),
        ("Mein Profil läuft über die Mailadresse, mit der ich schreibe.", "de"),
        ("l'account è su questa mail", "it"),
        ("a conta está associada ao e-mail com que vos escrevo", "pt"),
        ("Ik sta bekend onder het adres waarmee ik nu mail.", "nl"),
        ("Profil jest założony na adres, z którego piszę.", "pl"),
    ],
)
def test_writers_say_in_many_ways_that_the_account_is_under_the_address_they_write_from(
    text: str, language: str
) -> None:
    assert means_own_address(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Please reply to this e-mail about my account.", "en"),
        ("My account is old. This e-mail is confidential.", "en"),
        ("Ich bin Kundin. Antworten Sie an diese Adresse.", "de"),
    ],
)
def test_a_wish_for_an_answer_to_this_address_says_nothing_of_an_account(text: str, language: str) -> None:
    assert not means_own_address(text, language)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Vivo en calle Santa Lucía 9, Teruel.", "calle Santa Lucía 9, Teruel"),
        ("mam nowy adres: ul. Ogrodowa 5, Zamość", "ul. Ogrodowa 5, Zamość"),
        ("habite au 13 rue du canal 67200 strasbourg", "13 rue du canal 67200 strasbourg"),
        (
            "Rua Santo Antônio, 88, casa 2, Contagem - MG, 32010-100",
            "Rua Santo Antônio, 88, casa 2, Contagem - MG, 32010-100",
        ),
        ("piso de la calle Turina 14, 6.º A, 41013 Sevilla", "calle Turina 14, 6.º A, 41013 Sevilla"),
        ("Schicken Sie es an Ziegeleiweg 17a, 33613 Bielefeld.", "Ziegeleiweg 17a, 33613 Bielefeld"),
        ("Please delete it.\n\nAnja Ruprecht\nRuprecht Holzbau GmbH · Sägestraße 4 · 87527 Sonthofen", None),
    ],
)
def test_an_address_is_where_somebody_lives_with_a_post_code_or_without(text: str, address: str | None) -> None:
    assert address_in(text, NO_FORM, None) == address


@pytest.mark.parametrize(
    ("text", "language", "company"),
    [
        ("I have an account at Stride Fitness, who use your software.", "en", "Stride Fitness"),
        ("Tengo una cuenta en Gimnasio Trinquete, que trabaja con vuestra plataforma.", "es", "Gimnasio Trinquete"),
        ("J'ai un compte chez Optique Bellerive, qui utilise votre logiciel.", "fr", "Optique Bellerive"),
        ("Ich war im Autohaus Kranich und bekomme Ihre Werbung in deren Namen.", "de", "Autohaus Kranich"),
        ("Ho un account presso Libreria Calamaio, che si appoggia al vostro gestionale.", "it", "Libreria Calamaio"),
        ("Tenho conta na Padaria Moinho Velho, que usa a vossa aplicação.", "pt", "Padaria Moinho Velho"),
        ("Ik heb een account bij Bouwmarkt De Zaag, die jullie platform gebruikt.", "nl", "Bouwmarkt De Zaag"),
        ("Apteka Pod Lwem korzysta z Państwa systemu.", "pl", "Apteka Pod Lwem"),
        ("I am a member of Stride Fitness and they use you.", "en", "Stride Fitness"),
        ("My employer, Quillfeather Logistics, uses your wristbands.", "en", "Quillfeather Logistics"),
        ("Hi, Bluegate Hotels tell me that you keep the wifi logs for them.", "en", "Bluegate Hotels"),
        ("Soy paciente de la Clínica Aljarafe, que da las citas con vuestra aplicación.", "es", "Clínica Aljarafe"),
        ("La crèche Les Petits Galets publie tout sur votre appli.", "fr", "Les Petits Galets"),
        ("Die Kita Purzelwald benutzt eure Eltern-App.", "de", "Kita Purzelwald"),
        ("Ik was in behandeling bij Fysio De Klomp en die werken met jullie oefenapp.", "nl", "Fysio De Klomp"),
        ("I am a member of Stride Fitness.", "en", None),
        ("Send it to Harbour Bank, and delete my data in your app.", "en", None),
        ("Erase me from your app.\n\nJo Blake\nPartner, Blake Carter LLP", "en", None),
        ("The ICO told me you run the Data Protection Office.", "en", None),
        ("I have an account at Stride Fitness. Delete my data.", "en", None),
        ("Ich habe Ihre Software bei der Arbeit benutzt.", "de", None),
    ],
)
def test_a_company_counts_where_it_uses_what_we_make(text: str, language: str, company: str | None) -> None:
    assert customer_company(text, language, ()) == company


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Five calls in two weeks!", "en"),
        ("I am abroad until the 20th.", "en"),
        ("You said within two weeks.", "en"),
        ("Me dijeron que en treinta días.", "es"),
        ("Vom 1. bis zum 21. August sind wir weg.", "de"),
        ("Vierzehn Anrufe, fünf Briefe in zwei Wochen", "de"),
        ("Everything was bolted in three weeks.", "en"),
        ("Tengo el contrato hasta el 31 de enero.", "es"),
        ("Ich war vom 3. bis 19. November in der Klinik.", "de"),
        ("Bis Dienstag\nHubertine", "de"),
        ("Maszynę muszę zamówić do końca roku.", "pl"),
        ("Please answer as soon as possible.", "en"),
    ],
)
def test_how_long_something_lasts_or_others_said_is_no_deadline(text: str, language: str) -> None:
    assert deadline_in(text, language) is None


def test_an_authority_in_whose_register_a_business_stands_is_not_named() -> None:
    text = "Sloane LLP. Registered with the ICO no. ZB771203."
    assert load_authorities().named(text) is None
    assert load_authorities().named(f"I go to the CNIL.\n{text}") == "CNIL"
