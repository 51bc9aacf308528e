# Nederlands voor België en Nederland. Eén ding tegelijk; wat er gebeurde, wat te doen; niemand krijgt de schuld.
# Een tekst die een knop noemt, neemt het opschrift ervan over. Altijd “u”. Woorden die aan beide kanten van de grens
# gewoon zijn: nummerplaat (niet kenteken), mobiel nummer (niet gsm), receptie (niet onthaal), sleutelkluis, vak.

## Woorden die blijven zoals ze zijn

words = { $words }

## Op elk scherm op dezelfde plaats

bar-help = Hulp
bar-abort = Stoppen
back = Terug
ok = OK
next = Volgende

band-open = Vak { $box } staat open. Sluit het alstublieft.
band-open-several = { $count } vakken staan open. Sluit ze alstublieft, eerst vak { $box }.

## Begin

out-title = De sleutelkluis is nog niet klaar
out = Vraag het aan de receptie.
start-title = Wat wilt u doen?
start-why = Tik op wat u komt doen.
start-drop = Sleutel afgeven
start-pick-up = Sleutel ophalen
start-full = Alle vakken zijn nu bezet. U kunt nog wel een sleutel ophalen.
start-store-low = Afgeven is op dit moment niet mogelijk. U kunt nog wel een sleutel ophalen.
start-store-down = Op dit moment gaat er geen vak open. De sleutels liggen veilig. Tik op “{ bar-help }”.
start-inactive = Deze sleutelkluis is op dit moment niet in gebruik. Tik op “{ bar-help }”.
start-reach = U kunt ons bellen op { $telephone }
start-reach-help = Tik op “{ bar-help }” om iemand te bereiken.

## Welkom

drop-welcome-title = Zo geeft u een sleutel af
drop-welcome-1 = Typ uw code, nummerplaat of telefoonnummer.
drop-welcome-number = Typ uw nummerplaat, telefoonnummer of code.
drop-welcome-2 = Kijk uw gegevens na.
drop-welcome-3 = Kijk uw afspraak na.
drop-welcome-4 = Leg de sleutel in het vak, sluit het en bevestig.
pick-welcome-title = Zo haalt u een sleutel op
pick-welcome-1 = Typ uw pincode of scan de QR-code (medewerkers).
pick-welcome-2 = Neem de sleutel, sluit het vak en bevestig.
welcome-low-box = Graag een laag vak
welcome-go = Beginnen

## Stap 1: hoe beginnen

drop-method-title = Hoe wilt u beginnen?
drop-method = Hebt u een pincode, gebruik die dan. Anders kunnen wij u er een sturen.
drop-method-numbers = Kies hoe wij uw afspraak kunnen vinden.
method-pin = Pincode
method-registration = Nummerplaat
method-phone = Mobiel nummer
method-qr = QR-code (medewerkers)
method-registration-off = Nummerplaat: offline
method-phone-off = Mobiel: offline
method-qr-off = QR-code: offline
method-no-link = Er is op dit moment geen verbinding. Een pincode werkt wel.
method-no-staff = Er is op dit moment geen verbinding. Medewerkers kunnen niet met een QR-code openen.
method-clock = Afspraken opzoeken kan op dit moment niet. Een pincode werkt wel.
method-misses = Opzoeken kan nu even niet. Gebruik een pincode of tik op “{ bar-help }”.
method-limited = Op dit moment kan alleen een medewerker een vak openen. Tik op “{ bar-help }”.
pick-method-title = Een sleutel ophalen
pick-method = Typ de pincode uit ons bericht. Medewerkers: scan de QR-code.

## Stap 1: de pincode

drop-pin-title = Typ uw pincode
drop-pin = U vindt de code in ons bericht. Tik daarna op “{ ok }”.
drop-pin-short = De code is nog niet volledig. Typ alle cijfers en tik dan op “{ ok }”.
drop-pin-wrong = Deze code komt niet overeen. Kijk ons bericht na en typ de code opnieuw.
drop-pin-replaced = Een nieuwere code vervangt deze. Gebruik de code uit ons laatste bericht.
drop-pin-used = Deze code is al gebruikt. Tik op “{ back }” voor een nieuwe.
drop-pin-expired = Deze code is niet meer geldig. Tik op “{ back }” voor een nieuwe.
pick-pin-used = Deze code is al gebruikt. Vraag het aan ons team.
pick-pin-expired = Deze code is niet meer geldig. Vraag het aan ons team.
# De minuten zijn niet altijd bekend.
drop-pin-locked = Een code alleen is nu even niet genoeg. { $minutes ->
    [one] Probeer het over 1 minuut opnieuw.
    [other] Probeer het over { $minutes } minuten opnieuw.
   *[unknown] Probeer het over enkele minuten opnieuw.
}
drop-pin-plate-too = Wilt u nu verder, typ dan uw nummerplaat en uw pincode.
drop-pin-wrong-with-plate = Deze code en nummerplaat horen niet bij elkaar. Kijk beide na en probeer het opnieuw.
pin-show = Cijfers tonen

## Stap 1: opzoeken

drop-registration-title = Uw nummerplaat
drop-registration-label = Nummerplaat, zoals 1-ABC-234
drop-phone-title = Uw mobiele nummer
drop-phone-label = Mobiel nummer
drop-lookup-empty = Er staat nog niets. Typ uw nummer en tik dan op “{ ok }”.
drop-searching-title = Een ogenblik geduld
drop-searching = Wij zoeken uw afspraak. Dat kan een halve minuut duren.
drop-no-match-title = Wij kunnen nog niet verdergaan
drop-no-match = Kijk na wat u typte en probeer het opnieuw. Of tik op “{ bar-help }”: wij helpen u graag.
drop-vehicle-title = Om welk voertuig gaat het?
drop-vehicle-choose = Tik eerst op uw voertuig, dan op “{ ok }”.

## Stap 1: een code sturen

drop-contact-title = Waar mogen wij uw code naartoe sturen?
drop-contact = Kies waar u de code wilt krijgen en tik dan op “{ send }”.
drop-contact-one = Wij kunnen de code hierheen sturen. Tik op “{ send }”.
drop-contact-failed = De code kon niet verstuurd worden. Probeer het opnieuw, kies iets anders of tik op “{ bar-help }”.
drop-contact-limit = Er kan nu geen code meer verstuurd worden. Gebruik de laatste of tik op “{ bar-help }”.
contact-failed = Niet bereikt
contact-mail-private = E-mail (privé)
contact-mail-business = E-mail (zakelijk)
contact-sms-private = Mobiel (privé)
contact-sms-business = Mobiel (zakelijk)
send = Versturen
send-off = Versturen: offline
send-no-link = Er is nu geen verbinding: een code versturen kan niet. Tik op “{ bar-help }”.
drop-sending-title = Een ogenblik geduld
drop-sending = Wij sturen uw code. Dat kan een halve minuut duren.
drop-sent-title = Uw code is onderweg
drop-sent = { $minutes ->
    [one] De code blijft 1 minuut geldig.
   *[other] De code blijft { $minutes } minuten geldig.
}
drop-sent-back = U mag weggaan en terugkomen: tik op “{ start-drop }” en dan op “{ method-pin }”.
enter-code = Code intypen

## Stap 1: medewerkers

qr-title = QR-code voor medewerkers
qr-scan = Scan de code met uw tablet.
qr-scan-or-type = Scan de code met uw tablet of typ daar de 8 cijfers.
qr-closed = De QR-code is gesloten. Tik op “{ qr-new }” om verder te gaan.
qr-new = Nieuwe QR-code

## Stap 2: de bestuurder

drop-driver-title = Kloppen uw gegevens?
drop-driver = Kijk ze even na. U kunt een nummer toevoegen.
drop-add-phone-title = Een nummer toevoegen
drop-add-phone-label = Nummer voor dit bezoek
drop-phone-wrong = Dit nummer lijkt niet volledig. Kijk het na en tik dan op “{ ok }”.
phone-add = Nummer toevoegen
phone-change = Nummer wijzigen
phone-remove = Nummer verwijderen
row-name = Naam
row-added-phone = Toegevoegd nummer

## Stap 3: de afspraak

drop-appointments-title = Is dit uw afspraak?
drop-appointments = Kijk de gegevens even na. U kunt een opmerking toevoegen.
drop-remark-title = Uw opmerking
drop-remark-label = Wat moeten wij weten?
remark-add = Opmerking toevoegen
remark-change = Opmerking wijzigen
appointments-right = Dat klopt
row-vehicle = Voertuig
row-registration = Nummerplaat
row-remark = Uw opmerking
row-appointment = { $date }, { $time }

## Stap 4: het vak

serve-title = Vak { $box }
serve-opening = Een ogenblik geduld: vak { $box } gaat open.
serve-put = Leg de sleutel in vak { $box } en sluit de deur. Tik daarna op “{ serve-confirm }”.
serve-put-closed = Ligt de sleutel in vak { $box }? Tik dan op “{ serve-confirm }”.
serve-take = Neem de sleutel uit vak { $box } en sluit de deur. Tik daarna op “{ serve-confirm }”.
serve-take-closed = Hebt u de sleutel uit vak { $box }? Tik dan op “{ serve-confirm }”.
serve-take-left = Neem wat u in vak { $box } hebt laten liggen en sluit de deur. Tik daarna op “{ serve-confirm }”.
serve-look = Kijk in vak { $box } en sluit de deur. Tik daarna op “{ serve-confirm }”.
serve-look-closed = Hebt u in vak { $box } gekeken? Tik dan op “{ serve-confirm }”.
serve-leave = U mag de sleutel meenemen of in vak { $box } laten. Sluit daarna de deur.
serve-again = De deur is nog dicht. Wij proberen het opnieuw: poging { $attempt }.
serve-please-close = Vak { $box } staat nog open. Sluit alstublieft de deur.
serve-please-confirm = Bent u klaar? Tik dan op “{ serve-confirm }”.
serve-close-first = Sluit alstublieft de deur van vak { $box }. Daarna gaat het vanzelf verder.
serve-is-it-shut = Is de deur van vak { $box } dicht? Tik dan op “{ serve-door-is-shut }”.
serve-not-seen = Wij zien de sleutel nog niet in vak { $box }. Open het opnieuw of bevestig als hij erin ligt.
serve-still-seen = Er lijkt nog een sleutel in vak { $box } te liggen. Open het opnieuw of bevestig als u hem hebt.
serve-did-not-open = Het ging niet open
serve-open-again = Opnieuw openen
serve-something-inside = Er ligt al iets in
serve-not-my-key = Mijn sleutel ontbreekt
serve-door-is-shut = De deur is dicht
serve-confirm = Bevestigen

## Medewerkers met een eigen code

pick-staff-code-wait = Codes van medewerkers zijn even gepauzeerd. { $minutes ->
    [one] Probeer het over 1 minuut opnieuw.
   *[other] Probeer het over { $minutes } minuten opnieuw.
}
pick-staff-code-locked = Medewerkers: een code van 8 cijfers vraagt geen nummerplaat.
staff-reason-title = Waarom opent u een vak?
staff-reason = Uw keuze wordt op uw naam genoteerd. Tik daarna op “{ ok }”.
staff-reason-key = Een sleutel afgeven of aannemen
staff-reason-look = Kijken wat erin ligt
staff-reason-repair = Deur, slot of sensor herstellen
staff-reason-other = Een andere reden
staff-reason-choose = Kies eerst een reden, tik dan op “{ ok }”.
staff-box-title = Welk vak moet open?
staff-box = Eén vak gaat één keer open. Tik daarna op “{ ok }”.
staff-box-number = Vak { $box }
staff-box-holds = Er ligt een sleutel in
staff-box-to-check = Na te kijken
staff-box-choose = Kies eerst een vak, tik dan op “{ ok }”.

## Een vak nakijken

settle-title = Wat ligt er in vak { $box }?
settle-booked = In dit vak hoort een sleutel te liggen. Zeg ons wat u gevonden hebt.
settle-not-booked = In dit vak hoort geen sleutel te liggen. Zeg ons wat u gevonden hebt.
settle-please = Kies wat u in het vak gevonden hebt.
settle-empty = Het vak is leeg
settle-key-stays = De sleutel blijft hier
settle-key-taken = Ik neem de sleutel mee
settle-something-else = Iets anders

## De laatste schermen

thanks-dropped-title = Dank u, wij hebben uw sleutel
thanks-dropped = Hij ligt veilig in vak { $box }. U kunt nu gaan.
thanks-picked-up-title = Dank u
thanks-picked-up = U hebt de sleutel uit vak { $box }.
thanks-handed-in-title = Dank u
thanks-handed-in = De sleutel ligt in vak { $box }. De klant krijgt bericht.
thanks-collected-title = Dank u en goede reis
thanks-collected = U hebt de sleutel uit vak { $box }. Liet u er iets liggen? Uw code opent het nog drie minuten.
thanks-checked-title = Dank u
thanks-checked = Uw antwoord voor vak { $box } is genoteerd.
thanks-done = Klaar
sorry-title = Het spijt ons
sorry-full = Er is op dit moment geen vak vrij. Houd uw sleutel bij u en neem contact met ons op.
sorry-limited = Hiervoor kan op dit moment geen vak open. Neem contact met ons op.
sorry-jammed = Het vak gaat niet open. Wat erin ligt, is veilig. Neem contact met ons op.
sorry-not-found = Wij hebben genoteerd dat uw sleutel er niet lag en vragen ons team om hulp.
sorry-reception = Kom voor deze sleutel alstublieft naar onze receptie.

## Over het scherm heen

abort-title = Wilt u stoppen?
abort-lose = Wat u typte, wordt gewist.
abort-box-open = U mag de sleutel meenemen of in het vak laten. Sluit daarna alstublieft de deur.
abort-yes = Ja, stoppen
abort-no = Nee, doorgaan
still-title = Bent u er nog?
still-lose = Als niemand het scherm aanraakt, wordt gewist wat u typte.
still-more = Ik heb meer tijd nodig
help-title = Hoe kunnen wij u helpen?
help-start = Tik op “{ start-drop }” om uw sleutel bij ons te laten, op “{ start-pick-up }” om er een op te halen.
help-welcome = Dit zijn de stappen. Tik op “{ welcome-go }” om te starten. U kunt altijd stoppen.
help-prove = Met uw nummerplaat of mobiele nummer vinden wij de afspraak van vandaag. Zo nodig sturen wij u een code.
help-pin = De pincode staat in het bericht dat wij u stuurden. Typ de code in en tik op “{ ok }”.
help-pick-prove = De pincode staat in het bericht dat wij u stuurden. Medewerkers gebruiken de QR-code en hun tablet.
help-qr = De QR-code is voor onze medewerkers. Zij scannen die met hun tablet en het vak gaat open.
help-staff-code = Kies de reden en het vak en tik dan op “{ ok }”. Uw keuze wordt op uw naam genoteerd.
help-driver = Kijk na hoe wij u kunnen bereiken. U kunt een nummer voor dit bezoek toevoegen.
help-appointments = Kijk de dag, de tijd en het werk na. U kunt een opmerking voor ons achterlaten.
help-drop-serve = Leg de sleutel in het open vak, sluit de deur en tik op “{ serve-confirm }”. Ging het niet open, gebruik dan de knoppen.
help-pick-serve = Doe wat het scherm vraagt met het vak dat openging. Klopt er iets niet, zeg het ons dan met de knoppen.
help-done = U bent klaar. Tik op “{ thanks-done }” om terug te gaan naar het begin.
help-telephone = Telefoon: { $telephone }
help-hours = Openingstijden: { $hours }
help-calling = Wij laten ons team weten dat u hulp nodig hebt.
help-called = Ons team weet dat u hulp nodig hebt.
help-nobody = Wij kunnen ons team van hieruit nu niet bereiken. Bel ons of kom naar de receptie.
help-coming = Er komt iemand om u te helpen.
help-call = Hulp vragen
help-call-off = Hulp: offline
help-close = Hulp sluiten

## Het bovenste scherm

top-start = Gebruik het scherm hieronder.
top-busy = In gebruik. Een ogenblik geduld.
top-box = In gebruik: vak { $box }
top-out = Deze sleutelkluis is op dit moment niet in gebruik.

## Berichten met een code

mail-drop-pin-subject = Uw code om uw autosleutel af te geven
mail-check-in-pin-subject = Uw code om uw autosleutel af te geven
mail-pick-up-pin-subject = Uw code om uw autosleutel op te halen
mail-pick-up-reminder-subject = Uw autosleutel ligt nog voor u klaar
mail-pick-up-off-subject = Uw autosleutel ligt niet meer in de sleutelkluis
mail-hello = Goedendag,
mail-drop-pin = U hebt bij de sleutelkluis een code gevraagd. Dit is uw code:
mail-check-in-pin = Dank u voor uw online check-in. Dit is de code om uw sleutel af te geven:
mail-pick-up-pin = Uw sleutel ligt voor u klaar in onze sleutelkluis. Met deze code opent u het vak, op elk moment van de dag:
mail-pick-up-reminder = Uw sleutel ligt nog in onze sleutelkluis. Deze code vervangt de code die wij u eerder stuurden:
mail-pick-up-off = Wij hebben uw sleutel weer uit de sleutelkluis genomen en de code die wij stuurden, werkt niet meer. U hoort van ons.
mail-code = { $pin }
mail-valid-minutes = { $minutes ->
    [one] De code blijft 1 minuut geldig. Daarna kan de sleutelkluis u een nieuwe sturen.
   *[other] De code blijft { $minutes } minuten geldig. Daarna kan de sleutelkluis u een nieuwe sturen.
}
mail-valid-until = De code blijft geldig tot en met { $date }.
mail-appointment = Uw afspraak: { $date }, { $time }
mail-where = Sleutelkluis: { $locker }
mail-where-at = Sleutelkluis: { $locker }, { $location }
mail-how = Tik aan de sleutelkluis op “{ start-drop }”, “{ welcome-go }” en “{ method-pin }” en typ dan de code.
mail-how-pick-up = Tik aan de sleutelkluis op “{ start-pick-up }”, “{ welcome-go }” en “{ method-pin }” en typ dan de code.
mail-keep = Houd deze code voor uzelf. Hebt u er niet om gevraagd, dan hoeft u niets te doen.
mail-keep-pick-up = Houd deze code voor uzelf: hij opent het vak met uw sleutel.
mail-telephone = Hebt u een vraag? Bel ons: { $telephone }
mail-bye = Tot binnenkort

# Een sms heeft 160 tekens van het GSM-alfabet; wat erin past, wordt verstuurd.
sms-pin = { $pin } is uw code om uw sleutel af te geven. Sleutelkluis: { $locker }.
sms-pick-up-pin = { $pin } is uw code om uw sleutel op te halen. Sleutelkluis: { $locker }.
sms-pick-up-off = Uw sleutel ligt niet meer in sleutelkluis { $locker } en uw code werkt niet meer. U hoort van ons.
sms-valid-minutes = { $minutes ->
    [one] Geldig: 1 minuut.
   *[other] Geldig: { $minutes } minuten.
}
sms-valid-until = Geldig tot en met { $date }.
sms-telephone = Vragen: { $telephone }.
sms-where-at = Plaats: { $location }.

## Antwoorden aan programma’s en tablets: wat er gebeurde, wat te doen

error-unknown = Dat is niet gelukt. Probeer het opnieuw of vraag om hulp.
error-locker-not-started = De sleutelkluis start nog op. Probeer het zo meteen opnieuw.
error-locker-old-screen = Het scherm is intussen veranderd. Kijk er opnieuw naar.
error-locker-not-offered = Dat kan bij deze stap niet. Kies iets op het scherm.
error-locker-too-long = De tekst is te lang. Maak hem korter.
error-locker-not-text = De tekst heeft tekens die niet gebruikt kunnen worden. Typ hem opnieuw.
error-locker-no-such-message = Dit bericht wacht niet meer. U hoeft niets te doen.
error-locker-no-such-visit = Voor dit bezoek wordt geen sleutel verwacht. Kijk de afspraak na.
error-locker-not-reachable = Dit contact is niet bereikbaar. Kies een ander.
error-locker-too-many-codes = Op dit moment kan er geen nieuwe code gemaakt worden. Probeer het later opnieuw.
error-locker-store-down = De sleutelkluis kan nu niets vastleggen, dus gaat er geen vak open. Bel de technische dienst.
error-locker-too-many-messages = Er zijn voorlopig genoeg berichten verstuurd. Probeer het later opnieuw.
error-locker-wrong-code = Deze code komt niet overeen. Kijk de code na en typ die opnieuw.
error-locker-code-replaced = Een nieuwere code vervangt deze. Gebruik de laatste.
error-locker-code-used = Deze code is al gebruikt. Vraag een nieuwe.
error-locker-code-expired = Deze code is niet meer geldig. Vraag een nieuwe.
error-locker-codes-locked = Codes zijn hier enkele minuten uitgeschakeld. Probeer het later opnieuw of vraag om hulp.
error-locker-no-qr = De sleutelkluis toont nu geen QR-code. Tik daar op “{ qr-new }” en scan die.
error-locker-foreign-qr = Deze QR-code is niet meer geldig of hoort bij een andere sleutelkluis. Scan een nieuwe.
error-locker-wrong-digits = Deze cijfers komen niet overeen. Kijk ze na op het scherm van de sleutelkluis.
error-locker-typing-off = Bij deze sleutelkluis kunt u de cijfers niet typen. Scan de QR-code.
error-locker-other-flow = De sleutelkluis is met een andere taak bezig. Begin daar opnieuw en kies de juiste.
error-locker-key-not-here = Deze sleutel ligt niet in deze sleutelkluis. Kijk na waar hij is.
error-locker-no-such-box = Deze sleutelkluis heeft dat vak niet. Kijk het nummer na.
error-locker-key-in-box = Deze sleutel ligt al in een vak, of misschien. Kijk na waar hij is.
error-locker-nobody-to-tell = Niemand kan de code voor deze sleutel krijgen. Kies een contact dat bereikbaar is.
error-locker-on-hold = Deze sleutel wordt nu niet meegegeven. Ga naar de receptie.
error-locker-full = Er is op dit moment geen vak vrij. Houd de sleutel bij u.
error-office-not-started = Het kantoor start nog op. Probeer het zo meteen opnieuw.
error-office-not-logged-in = Deze tablet is niet aangemeld. Meld u aan en probeer het opnieuw.
error-office-no-such-user = Deze gebruiker bestaat hier niet. Kijk de naam na.
error-office-user-not-active = Deze gebruiker is uitgeschakeld. Een beheerder kan hem inschakelen.
error-office-log-in-again = De veiligheidscode is veranderd. Meld u opnieuw aan en vraag het nog eens.
error-office-no-security-code = Voor deze vestiging is geen veiligheidscode ingesteld. Een beheerder kan er een instellen.
error-office-not-a-security-code = Een veiligheidscode is een getal van 1000 tot 9999. Typ de code opnieuw.
error-office-code-waits = Enkele codes kwamen niet overeen. Wacht een kwartier of vraag een beheerder om hulp.
error-office-code-locked = Veiligheidscodes zijn na enkele pogingen voor u geblokkeerd. Een beheerder kan ze vrijgeven.
error-office-no-such-visit = Dit bezoek bestaat hier niet. Zoek het opnieuw op.
error-office-key-not-in-box = Deze sleutel ligt daar niet in een vak. Kijk na waar hij is.
error-office-key-in-box = Deze sleutel ligt al in een vak, of misschien. Kijk na waar hij is.
error-office-not-reachable = Dit contact is niet bereikbaar. Kies een ander.
error-office-no-such-locker = Deze sleutelkluis bestaat hier niet. Kies een andere.
error-office-which-locker = Het is niet duidelijk welke sleutelkluis u bedoelt. Kies er een.
error-office-no-such-box = Deze sleutelkluis heeft dat vak niet. Kijk het nummer na.
error-office-no-ticket = Voor deze tablet ligt geen toestemming klaar. Vraag er een met de veiligheidscode.
error-office-typed-off = Bij deze sleutelkluis kunt u de cijfers niet typen. Scan de QR-code.
error-office-help-closed = Deze oproep om hulp is gesloten. U hoeft niets te doen.
error-office-keys-inside = Hier zijn nog sleutels: aanwezig, na te kijken of zoek. Handel die eerst af.
error-office-inbound-only = Hier worden sleutels alleen afgegeven. Teruggeven gaat niet via de sleutelkluis.
error-office-key-not-back = De sleutel van dit bezoek is nog niet terug. Handel dat eerst af.
error-office-user-active = Deze gebruiker is nog actief. Maak de gebruiker eerst inactief.
error-office-right-not-for-role = Deze rol kan dat recht niet hebben. Kies een andere rol of een ander recht.
error-office-login-taken = Deze aanmeldnaam is bezet. Kies een andere.
error-office-last-dealer-admin = Dit is de laatste beheerder. Wijs er eerst nog een aan.
error-office-out-of-range = Een waarde ontbreekt of valt buiten de grenzen. Kijk na wat u typte.
error-office-full = Er is geen plaats meer. Verwijder wat niet meer nodig is.
error-office-no-remark = Er is geen opmerking om te tonen. U hoeft niets te doen.
error-office-already-so = Het is al zo. U hoeft niets te doen.
error-office-no-right = U hebt dit recht nog niet. Vraag het aan een beheerder.
error-office-wrong-security-code = Deze veiligheidscode komt niet overeen. Een beheerder kan u de juiste geven.
error-office-ticket-expired = Uw toestemming is verlopen. Vraag een nieuwe met de veiligheidscode.
error-office-ticket-used = Uw toestemming is al gebruikt. Vraag een nieuwe met de veiligheidscode.
error-office-other-act = Uw toestemming is voor een andere taak. Vraag er een voor deze taak.
error-office-other-locker = Uw toestemming is voor een andere sleutelkluis. Ga naar die andere.
error-office-not-our-qr = Dit is niet de QR-code van een sleutelkluis. Scan die op het scherm van de sleutelkluis.
error-office-key-gone = Deze sleutel ligt niet meer in het vak. Kijk na waar hij nu is.
error-office-too-many-scans = Met deze toestemming is te vaak gescand. Vraag een nieuwe.
error-office-not-dealer-admin = Alleen een beheerder mag dit doen. Vraag het aan een van hen.
error-office-no-ticket-to-drop = Deze tablet heeft geen toestemming om terug te geven. U hoeft niets te doen.

# E-mails aan de vestiging.
mail-office-help-subject = Iemand wacht op hulp bij de sleutelkluis
mail-office-help = Een oproep om hulp bij de sleutelkluis is al drie minuten onbeantwoord. Ga ernaartoe of bel.
mail-office-code-locked-subject = Een veiligheidscode is geblokkeerd
mail-office-code-locked = Tien veiligheidscodes kwamen niet overeen. De gebruiker en de tablet zijn geblokkeerd tot een beheerder ze vrijgeeft.
mail-office-missing-subject = Een sleutel is zoek
mail-office-missing = Vak { $box } was leeg, terwijl er een sleutel in hoorde te liggen. Zoek uit waar de sleutel is.
mail-office-uncollected-subject = Een sleutel is niet opgehaald
mail-office-uncollected = De sleutel in vak { $box } wacht al 30 dagen op de klant en de code is verlopen. Neem contact op met de klant.

error-office-wrong-log-in = De naam of het wachtwoord komt niet overeen. Probeer het opnieuw.
error-office-log-in-waits = Te veel wachtwoorden kwamen niet overeen. Wacht even en probeer het dan opnieuw.
error-locker-unknown-box = Deze sleutelkluis heeft geen vak met dat nummer. Kies een ander vak.
error-locker-no-reason = Onderhoud vraagt een reden. Zeg in enkele woorden wat er gebeurt.
error-locker-no-link = Er is op dit moment geen verbinding. Het bericht gaat weg zodra die er weer is.

# Het cijferklavier: wat men hoort.
keys-progress = Stap { $step } van { $of }.
keys-private = Uw gegevens staan op het scherm. Met een hoofdtelefoon kunt u ze horen.
keys-typed = Ster. { $typed ->
    [one] { $typed } cijfer ingetoetst.
   *[other] { $typed } cijfers ingetoetst.
}
keys-entered = { $count ->
    [one] { $count } teken ingetoetst.
   *[other] { $count } tekens ingetoetst.
}
keys-qr = Op het scherm staat een QR-code voor het personeel. De cijfers ervan:
keys-box = Vak { $box }.
keys-type-digits = Toets in met de cijfertoetsen.
keys-type-letters = Cijfertoetsen: eerst de rij, dan de letter. Rij 2: A, B, C. Rij 3: D, E, F. Zoals op een telefoon.
keys-more-by-repeat = Druk voor andere keuzes op Herhalen.
keys-back-by-repeat = Druk op Herhalen om verder in te toetsen.
keys-digit = { $digit }: { $what }
keys-confirm = Toets Bevestigen: { $what }
keys-erase = Het laatste teken wissen
keys-other-field = Naar het andere veld
keys-more = Andere keuzes
keys-space = Spatie
keys-hyphen = Koppelteken
