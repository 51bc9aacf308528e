# Deutsch. Eines nach dem anderen; was geschah, was zu tun ist; niemand ist schuld. Immer „Sie“.
# Ein Text, der eine Taste nennt, übernimmt ihre Beschriftung. Fachwörter: Schlüsselschrank, Fach, Kennzeichen,
# Auftrag, Termin, Fahrzeug; Autoschlüssel dort, wo der Zusammenhang fehlt (in Nachrichten), sonst Schlüssel.

## Wörter, die bleiben, wie sie sind

words = { $words }

## Auf jedem Bildschirm an derselben Stelle

bar-help = Hilfe
bar-abort = Abbrechen
back = Zurück
ok = OK
next = Weiter

band-open = Fach { $box } steht offen. Bitte schließen Sie es.
band-open-several = { $count } Fächer stehen offen. Bitte schließen, zuerst Fach { $box }.

## Anfang

out-title = Schlüsselschrank noch nicht bereit
out = Bitte fragen Sie am Empfang.
start-title = Was möchten Sie tun?
start-why = Bitte tippen Sie an, was Sie vorhaben.
start-drop = Schlüssel abgeben
start-pick-up = Schlüssel abholen
start-full = Zurzeit sind alle Fächer belegt. Einen Schlüssel abholen können Sie weiterhin.
start-store-low = Zurzeit ist keine Abgabe möglich. Einen Schlüssel abholen können Sie weiterhin.
start-store-down = Zurzeit öffnet sich kein Fach. Die Schlüssel darin sind sicher. Tippen Sie auf „{ bar-help }“.
start-inactive = Dieser Schlüsselschrank ist zurzeit nicht in Betrieb. Tippen Sie auf „{ bar-help }“.
start-reach = Sie erreichen uns unter { $telephone }
start-reach-help = Tippen Sie auf „{ bar-help }“, um jemanden zu erreichen.

## Willkommen

drop-welcome-title = So geben Sie einen Schlüssel ab
drop-welcome-1 = Code, Kennzeichen oder Telefonnummer eingeben.
drop-welcome-number = Kennzeichen, Telefonnummer oder Code eingeben.
drop-welcome-2 = Ihre Angaben prüfen.
drop-welcome-3 = Ihren Termin prüfen.
drop-welcome-4 = Schlüssel hineinlegen, Fach schließen, bestätigen.
pick-welcome-title = So holen Sie einen Schlüssel ab
pick-welcome-1 = PIN-Code eingeben oder QR-Code scannen (Personal).
pick-welcome-2 = Schlüssel nehmen, Fach schließen, bestätigen.
welcome-low-box = Bitte ein unteres Fach
welcome-go = Beginnen

## Schritt 1: wie beginnen

drop-method-title = Wie möchten Sie beginnen?
drop-method = Haben Sie einen PIN-Code, nutzen Sie ihn. Sonst können wir Ihnen einen senden.
drop-method-numbers = Bitte wählen Sie, wie wir Ihren Termin finden können.
method-pin = PIN-Code
method-registration = Kennzeichen
method-phone = Mobilnummer
method-qr = QR-Code (nur Personal)
method-registration-off = Kennzeichen: offline
method-phone-off = Mobil: offline
method-qr-off = QR-Code: offline
method-no-link = Zurzeit besteht keine Verbindung. Mit einem PIN-Code geht es.
method-no-staff = Zurzeit besteht keine Verbindung. Das Personal kann kein Fach mit QR-Code öffnen.
method-clock = Die Terminsuche geht zurzeit nicht. Mit einem PIN-Code geht es.
method-misses = Die Suche pausiert gerade. Nutzen Sie einen PIN-Code oder tippen Sie auf „{ bar-help }“.
method-limited = Zurzeit kann nur das Personal ein Fach öffnen. Bitte tippen Sie auf „{ bar-help }“.
pick-method-title = Schlüssel abholen
pick-method = Geben Sie den PIN-Code aus unserer Nachricht ein. Personal: Bitte scannen Sie den QR-Code.

## Schritt 1: der PIN-Code

drop-pin-title = Geben Sie Ihren PIN-Code ein
drop-pin = Sie finden ihn in unserer Nachricht. Tippen Sie dann auf „{ ok }“.
drop-pin-short = Der Code ist noch nicht vollständig. Geben Sie alle Ziffern ein und tippen Sie dann auf „{ ok }“.
drop-pin-wrong = Dieser Code stimmt nicht. Bitte prüfen Sie ihn in unserer Nachricht und geben Sie ihn erneut ein.
drop-pin-replaced = Ein neuerer Code hat diesen ersetzt. Bitte nehmen Sie den aus unserer letzten Nachricht.
drop-pin-used = Dieser Code wurde schon benutzt. Tippen Sie auf „{ back }“, um einen neuen zu bekommen.
drop-pin-expired = Dieser Code ist nicht mehr gültig. Tippen Sie auf „{ back }“, um einen neuen zu bekommen.
pick-pin-used = Dieser Code wurde schon benutzt. Bitte fragen Sie unser Team.
pick-pin-expired = Dieser Code ist nicht mehr gültig. Bitte fragen Sie unser Team.
# Die Minuten sind nicht immer bekannt.
drop-pin-locked = Ein Code allein reicht gerade nicht aus. { $minutes ->
    [one] Versuchen Sie es in 1 Minute wieder.
    [other] Versuchen Sie es in { $minutes } Minuten wieder.
   *[unknown] Versuchen Sie es in einigen Minuten wieder.
}
drop-pin-plate-too = Um jetzt fortzufahren, geben Sie Ihr Kennzeichen und Ihren PIN-Code ein.
drop-pin-wrong-with-plate = Code und Kennzeichen passen nicht zusammen. Bitte prüfen Sie beides und versuchen Sie es wieder.
pin-show = Ziffern zeigen

## Schritt 1: die Suche

drop-registration-title = Ihr Kennzeichen
drop-registration-label = Kennzeichen, etwa 1-ABC-234
drop-phone-title = Ihre Mobilnummer
drop-phone-label = Mobilnummer
drop-lookup-empty = Es ist noch nichts eingegeben. Geben Sie Ihre Nummer ein und tippen Sie dann auf „{ ok }“.
drop-searching-title = Einen Moment, bitte
drop-searching = Wir suchen Ihren Termin. Das kann eine halbe Minute dauern.
drop-no-match-title = So kommen wir noch nicht weiter
drop-no-match = Prüfen Sie Ihre Eingabe und versuchen Sie es wieder. Oder tippen Sie auf „{ bar-help }“: Wir helfen gern.
drop-vehicle-title = Um welches Fahrzeug geht es?
drop-vehicle-choose = Bitte tippen Sie zuerst auf Ihr Fahrzeug, dann auf „{ ok }“.

## Schritt 1: einen Code senden

drop-contact-title = Wohin dürfen wir Ihren Code senden?
drop-contact = Wählen Sie, wo Sie ihn bekommen möchten, und tippen Sie dann auf „{ send }“.
drop-contact-one = Wir können ihn hierhin senden. Bitte tippen Sie auf „{ send }“.
drop-contact-failed = Der Code ließ sich nicht senden. Versuchen Sie es erneut, wählen Sie anders oder tippen Sie auf „{ bar-help }“.
drop-contact-limit = Zurzeit ist kein weiterer Code möglich. Nehmen Sie den letzten oder tippen Sie auf „{ bar-help }“.
contact-failed = Nicht erreicht
contact-mail-private = E-Mail privat
contact-mail-business = E-Mail geschäftlich
contact-sms-private = Mobil privat
contact-sms-business = Mobil geschäftlich
send = Senden
send-off = Senden: offline
send-no-link = Zurzeit besteht keine Verbindung: Es kann kein Code gesendet werden. Tippen Sie auf „{ bar-help }“.
drop-sending-title = Einen Moment, bitte
drop-sending = Wir senden Ihren Code. Das kann eine halbe Minute dauern.
drop-sent-title = Ihr Code ist unterwegs
drop-sent = { $minutes ->
    [one] Er bleibt 1 Minute gültig.
   *[other] Er bleibt { $minutes } Minuten gültig.
}
drop-sent-back = Sie können gehen und wiederkommen: Tippen Sie auf „{ start-drop }“, dann auf „{ method-pin }“.
enter-code = Code eingeben

## Schritt 1: das Personal

qr-title = QR-Code für das Personal
qr-scan = Bitte scannen Sie ihn mit Ihrem Tablet.
qr-scan-or-type = Bitte scannen Sie ihn mit Ihrem Tablet oder geben Sie dort die 8 Ziffern ein.
qr-closed = Der QR-Code wurde geschlossen. Tippen Sie auf „{ qr-new }“, um fortzufahren.
qr-new = Neuer QR-Code

## Schritt 2: wer fährt

drop-driver-title = Stimmen Ihre Angaben?
drop-driver = Bitte prüfen Sie sie. Sie können eine Nummer hinzufügen.
drop-add-phone-title = Eine Nummer hinzufügen
drop-add-phone-label = Nummer für diesen Besuch
drop-phone-wrong = Diese Nummer scheint nicht vollständig. Prüfen Sie sie und tippen Sie dann auf „{ ok }“.
phone-add = Nummer hinzufügen
phone-change = Nummer ändern
phone-remove = Nummer entfernen
row-name = Name
row-added-phone = Weitere Nummer

## Schritt 3: der Termin

drop-appointments-title = Ist das Ihr Termin?
drop-appointments = Bitte prüfen Sie ihn. Sie können eine Anmerkung hinzufügen.
drop-remark-title = Ihre Anmerkung
drop-remark-label = Was sollten wir wissen?
remark-add = Anmerkung hinzufügen
remark-change = Anmerkung ändern
appointments-right = Das stimmt
row-vehicle = Fahrzeug
row-registration = Kennzeichen
row-remark = Ihre Anmerkung
row-appointment = { $date }, { $time }

## Schritt 4: das Fach

serve-title = Fach { $box }
serve-opening = Einen Moment, bitte: Fach { $box } öffnet sich.
serve-put = Legen Sie den Schlüssel in Fach { $box } und schließen Sie die Tür. Dann „{ serve-confirm }“ antippen.
serve-put-closed = Liegt der Schlüssel in Fach { $box }? Dann tippen Sie auf „{ serve-confirm }“.
serve-take = Nehmen Sie den Schlüssel aus Fach { $box } und schließen Sie die Tür. Dann „{ serve-confirm }“ antippen.
serve-take-closed = Haben Sie den Schlüssel aus Fach { $box }? Dann tippen Sie auf „{ serve-confirm }“.
serve-take-left = Nehmen Sie heraus, was noch in Fach { $box } liegt, und schließen Sie die Tür. Dann „{ serve-confirm }“ antippen.
serve-look = Sehen Sie in Fach { $box } nach und schließen Sie die Tür. Dann „{ serve-confirm }“ antippen.
serve-look-closed = Haben Sie in Fach { $box } nachgesehen? Dann tippen Sie auf „{ serve-confirm }“.
serve-leave = Sie können den Schlüssel mitnehmen oder in Fach { $box } lassen. Schließen Sie dann die Tür.
serve-again = Die Tür ist noch zu. Wir versuchen es wieder: Versuch { $attempt }.
serve-please-close = Fach { $box } steht noch offen. Bitte schließen Sie die Tür.
serve-please-confirm = Sind Sie fertig? Dann tippen Sie auf „{ serve-confirm }“.
serve-close-first = Bitte schließen Sie die Tür von Fach { $box }. Danach geht es von selbst weiter.
serve-is-it-shut = Ist die Tür von Fach { $box } zu? Dann tippen Sie auf „{ serve-door-is-shut }“.
serve-not-seen = Der Schlüssel ist in Fach { $box } nicht zu sehen. Bitte wieder öffnen oder, wenn er darin liegt, bestätigen.
serve-still-seen = In Fach { $box } scheint noch ein Schlüssel zu sein. Bitte wieder öffnen oder, wenn Sie ihn haben, bestätigen.
serve-did-not-open = Es ging nicht auf
serve-open-again = Noch einmal öffnen
serve-something-inside = Es liegt etwas darin
serve-not-my-key = Mein Schlüssel fehlt
serve-door-is-shut = Die Tür ist zu
serve-confirm = Bestätigen

## Personal mit eigenem Code

pick-staff-code-wait = Personal-Codes ruhen nach mehreren Versuchen. { $minutes ->
    [one] Versuchen Sie es in 1 Minute wieder.
   *[other] Versuchen Sie es in { $minutes } Minuten wieder.
}
pick-staff-code-locked = Personal: Ein Code mit 8 Ziffern braucht kein Kennzeichen.
staff-reason-title = Warum öffnen Sie ein Fach?
staff-reason = Ihre Wahl wird mit Ihrem Namen vermerkt. Tippen Sie dann auf „{ ok }“.
staff-reason-key = Schlüssel ausgeben oder annehmen
staff-reason-look = Nachsehen, was darin liegt
staff-reason-repair = Tür, Schloss oder Sensor reparieren
staff-reason-other = Ein anderer Grund
staff-reason-choose = Bitte wählen Sie zuerst einen Grund, dann tippen Sie auf „{ ok }“.
staff-box-title = Welches Fach soll aufgehen?
staff-box = Ein Fach öffnet sich, einmal. Tippen Sie dann auf „{ ok }“.
staff-box-number = Fach { $box }
staff-box-holds = Ein Schlüssel liegt darin
staff-box-to-check = Zu prüfen
staff-box-choose = Bitte wählen Sie zuerst ein Fach, dann tippen Sie auf „{ ok }“.

## Ein Fach klären

settle-title = Was liegt in Fach { $box }?
settle-booked = In diesem Fach ist ein Schlüssel verbucht. Bitte sagen Sie, was Sie gefunden haben.
settle-not-booked = In diesem Fach ist kein Schlüssel verbucht. Bitte sagen Sie, was Sie gefunden haben.
settle-please = Bitte wählen Sie, was Sie im Fach gefunden haben.
settle-empty = Das Fach ist leer
settle-key-stays = Schlüssel hierlassen
settle-key-taken = Schlüssel mitnehmen
settle-something-else = Etwas anderes

## Die letzten Bildschirme

thanks-dropped-title = Danke, wir haben Ihren Schlüssel
thanks-dropped = Er liegt sicher in Fach { $box }. Sie können jetzt gehen.
thanks-picked-up-title = Vielen Dank
thanks-picked-up = Sie haben den Schlüssel aus Fach { $box }.
thanks-handed-in-title = Vielen Dank
thanks-handed-in = Der Schlüssel liegt in Fach { $box }. Der Kunde wird benachrichtigt.
thanks-collected-title = Vielen Dank und gute Fahrt
thanks-collected = Sie haben den Schlüssel aus Fach { $box }. Liegt noch etwas darin? Ihr Code öffnet es noch drei Minuten lang.
thanks-checked-title = Vielen Dank
thanks-checked = Ihre Antwort zu Fach { $box } ist notiert.
thanks-done = Fertig
sorry-title = Es tut uns leid
sorry-full = Zurzeit ist kein Fach frei. Bitte behalten Sie Ihren Schlüssel und melden Sie sich bei uns.
sorry-limited = Dafür lässt sich zurzeit kein Fach öffnen. Bitte melden Sie sich bei uns.
sorry-jammed = Das Fach öffnet sich nicht. Was darin liegt, ist sicher. Bitte melden Sie sich bei uns.
sorry-not-found = Wir haben notiert, dass Ihr Schlüssel nicht da war, und bitten unser Team um Hilfe.
sorry-reception = Bitte wenden Sie sich wegen dieses Schlüssels an unseren Empfang.

## Über dem Bildschirm

abort-title = Möchten Sie abbrechen?
abort-lose = Ihre Eingaben werden gelöscht.
abort-box-open = Sie können den Schlüssel mitnehmen oder im Fach lassen. Bitte schließen Sie dann die Tür.
abort-yes = Ja, abbrechen
abort-no = Nein, weitermachen
still-title = Sind Sie noch da?
still-lose = Wenn niemand den Bildschirm berührt, werden Ihre Eingaben gelöscht.
still-more = Ich brauche mehr Zeit
help-title = Wie können wir Ihnen helfen?
help-start = „{ start-drop }“: Sie lassen Ihren Schlüssel bei uns. „{ start-pick-up }“: Sie nehmen einen heraus.
help-welcome = Das sind die Schritte. Tippen Sie auf „{ welcome-go }“, um anzufangen. Sie können jederzeit aufhören.
help-prove = Mit Kennzeichen oder Mobilnummer finden wir Ihren heutigen Termin. Bei Bedarf senden wir Ihnen einen Code.
help-pin = Der PIN-Code steht in der Nachricht, die Sie von uns haben. Geben Sie ihn ein und tippen Sie auf „{ ok }“.
help-pick-prove = Der PIN-Code steht in der Nachricht, die Sie von uns haben. Das Personal nutzt QR-Code und Tablet.
help-qr = Der QR-Code ist für unser Personal. Es scannt ihn mit dem Tablet, und das Fach öffnet sich.
help-staff-code = Wählen Sie Grund und Fach und tippen Sie auf „{ ok }“. Ihre Wahl wird mit Ihrem Namen vermerkt.
help-driver = Prüfen Sie, wie wir Sie erreichen können. Sie können für diesen Besuch eine Nummer hinzufügen.
help-appointments = Prüfen Sie Tag, Uhrzeit und Arbeit. Sie können uns eine Anmerkung hinterlassen.
help-drop-serve = Legen Sie den Schlüssel ins Fach, schließen Sie es, tippen Sie auf „{ serve-confirm }“. Ging es nicht auf, helfen die Tasten.
help-pick-serve = Folgen Sie dem Bildschirm zum Fach, das aufging. Stimmt etwas nicht, sagen Sie es uns mit den Tasten.
help-done = Hier ist alles erledigt. Tippen Sie auf „{ thanks-done }“, um zum Anfang zurückzukehren.
help-telephone = Telefon: { $telephone }
help-hours = Öffnungszeiten: { $hours }
help-calling = Wir sagen unserem Team, dass Sie Hilfe brauchen.
help-called = Unser Team weiß, dass Sie Hilfe brauchen.
help-nobody = Wir erreichen unser Team von hier aus gerade nicht. Rufen Sie uns an oder kommen Sie zum Empfang.
help-coming = Jemand kommt, um Ihnen zu helfen.
help-call = Hilfe rufen
help-call-off = Hilfe: offline
help-close = Hilfe schließen

## Der obere Bildschirm

top-start = Bitte benutzen Sie den Bildschirm unten.
top-busy = In Benutzung. Bitte warten Sie einen Moment.
top-box = In Benutzung: Fach { $box }
top-out = Dieser Schlüsselschrank ist zurzeit nicht in Betrieb.

## Nachrichten mit einem Code

mail-drop-pin-subject = Ihr Code, um Ihren Autoschlüssel abzugeben
mail-check-in-pin-subject = Ihr Code, um Ihren Autoschlüssel abzugeben
mail-pick-up-pin-subject = Ihr Code, um Ihren Autoschlüssel abzuholen
mail-pick-up-reminder-subject = Ihr Autoschlüssel liegt noch für Sie bereit
mail-pick-up-off-subject = Ihr Autoschlüssel ist nicht mehr im Schlüsselschrank
mail-hello = Guten Tag,
mail-drop-pin = Sie haben am Schlüsselschrank einen Code angefordert. Hier ist er:
mail-check-in-pin = Vielen Dank für Ihren Online-Check-in. Mit diesem Code geben Sie Ihren Schlüssel ab:
mail-pick-up-pin = Ihr Schlüssel liegt in unserem Schlüsselschrank bereit. Dieser Code öffnet sein Fach, zu jeder Tageszeit:
mail-pick-up-reminder = Ihr Schlüssel liegt noch in unserem Schlüsselschrank. Dieser Code ersetzt den, den wir Ihnen zuvor gesendet haben:
mail-pick-up-off = Wir haben Ihren Schlüssel wieder aus dem Schlüsselschrank genommen, und der gesendete Code ist nicht mehr gültig. Wir melden uns bei Ihnen.
mail-code = { $pin }
mail-valid-minutes = { $minutes ->
    [one] Der Code bleibt 1 Minute gültig. Danach kann der Schlüsselschrank Ihnen einen neuen senden.
   *[other] Der Code bleibt { $minutes } Minuten gültig. Danach kann der Schlüsselschrank Ihnen einen neuen senden.
}
mail-valid-until = Der Code bleibt bis einschließlich { $date } gültig.
mail-appointment = Ihr Termin: { $date }, { $time }
mail-where = Schlüsselschrank: { $locker }
mail-where-at = Schlüsselschrank: { $locker }, { $location }
mail-how = Tippen Sie am Schlüsselschrank auf „{ start-drop }“, „{ welcome-go }“ und „{ method-pin }“ und geben Sie den Code ein.
mail-how-pick-up = Tippen Sie am Schlüsselschrank auf „{ start-pick-up }“, „{ welcome-go }“ und „{ method-pin }“ und geben Sie den Code ein.
mail-keep = Bitte behalten Sie diesen Code für sich. Haben Sie keinen angefordert, brauchen Sie nichts zu tun.
mail-keep-pick-up = Bitte behalten Sie diesen Code für sich: Er öffnet das Fach mit Ihrem Schlüssel.
mail-telephone = Haben Sie eine Frage? Rufen Sie uns an: { $telephone }
mail-bye = Bis bald

# Eine SMS hat 160 Zeichen des GSM-Alphabets; was hineinpasst, wird gesendet.
sms-pin = { $pin } ist Ihr Code zur Schlüsselabgabe. Schlüsselschrank: { $locker }.
sms-pick-up-pin = { $pin } ist Ihr Code, um Ihren Schlüssel abzuholen. Schlüsselschrank: { $locker }.
sms-pick-up-off = Ihr Schlüssel ist nicht mehr im Schlüsselschrank { $locker }, Ihr Code gilt nicht mehr. Wir melden uns.
sms-valid-minutes = { $minutes ->
    [one] Gültig: 1 Minute.
   *[other] Gültig: { $minutes } Minuten.
}
sms-valid-until = Gültig bis { $date }.
sms-telephone = Fragen: { $telephone }.
sms-where-at = Ort: { $location }.

## Antworten an Programme und Tablets: was geschah, was zu tun ist

error-unknown = Das hat nicht geklappt. Bitte versuchen Sie es wieder oder bitten Sie um Hilfe.
error-locker-not-started = Der Schlüsselschrank startet noch. Bitte versuchen Sie es gleich wieder.
error-locker-old-screen = Der Bildschirm hat sich inzwischen geändert. Bitte sehen Sie noch einmal hin.
error-locker-not-offered = Das ist bei diesem Schritt nicht möglich. Bitte wählen Sie etwas auf dem Bildschirm.
error-locker-too-long = Der Text ist zu lang. Bitte kürzen Sie ihn.
error-locker-not-text = Der Text enthält Zeichen, die nicht möglich sind. Bitte geben Sie ihn erneut ein.
error-locker-no-such-message = Diese Nachricht wartet nicht mehr. Es ist nichts zu tun.
error-locker-no-such-visit = Zu diesem Besuch wird kein Schlüssel erwartet. Bitte prüfen Sie den Termin.
error-locker-not-reachable = Dieser Kontakt ist nicht erreichbar. Bitte wählen Sie einen anderen.
error-locker-too-many-codes = Zurzeit ist kein neuer Code möglich. Bitte versuchen Sie es später wieder.
error-locker-store-down = Der Schlüsselschrank kann zurzeit nichts aufzeichnen, also öffnet sich kein Fach. Bitte rufen Sie den Kundendienst.
error-locker-too-many-messages = Für jetzt wurden genug Nachrichten gesendet. Bitte versuchen Sie es später wieder.
error-locker-wrong-code = Dieser Code stimmt nicht. Bitte prüfen Sie ihn und geben Sie ihn erneut ein.
error-locker-code-replaced = Ein neuerer Code hat diesen ersetzt. Bitte nehmen Sie den letzten.
error-locker-code-used = Dieser Code wurde schon benutzt. Bitte fordern Sie einen neuen an.
error-locker-code-expired = Dieser Code ist nicht mehr gültig. Bitte fordern Sie einen neuen an.
error-locker-codes-locked = Codes pausieren an diesem Schlüsselschrank einige Minuten. Versuchen Sie es später oder bitten Sie um Hilfe.
error-locker-no-qr = Der Schlüsselschrank zeigt gerade keinen QR-Code. Tippen Sie dort auf „{ qr-new }“ und scannen Sie ihn.
error-locker-foreign-qr = Dieser QR-Code ist nicht mehr gültig oder von einem anderen Schlüsselschrank. Bitte scannen Sie einen neuen.
error-locker-wrong-digits = Diese Ziffern stimmen nicht. Bitte prüfen Sie sie auf dem Bildschirm des Schlüsselschranks.
error-locker-typing-off = An diesem Schlüsselschrank lassen sich die Ziffern nicht eingeben. Bitte scannen Sie den QR-Code.
error-locker-other-flow = Der Schlüsselschrank ist bei einer anderen Aufgabe. Bitte beginnen Sie dort neu und wählen Sie die richtige.
error-locker-key-not-here = Dieser Schlüssel ist nicht in diesem Schlüsselschrank. Bitte prüfen Sie, wo er ist.
error-locker-no-such-box = Dieser Schlüsselschrank hat dieses Fach nicht. Bitte prüfen Sie die Nummer.
error-locker-key-in-box = Dieser Schlüssel liegt schon in einem Fach, oder vielleicht. Bitte prüfen Sie, wo er ist.
error-locker-nobody-to-tell = Niemand kann den Code für diesen Schlüssel bekommen. Bitte wählen Sie einen erreichbaren Kontakt.
error-locker-on-hold = Dieser Schlüssel wird zurzeit nicht ausgegeben. Bitte wenden Sie sich an den Empfang.
error-locker-full = Zurzeit ist kein Fach frei. Bitte behalten Sie den Schlüssel.
error-office-not-started = Das Büro startet noch. Bitte versuchen Sie es gleich wieder.
error-office-not-logged-in = Dieses Tablet ist nicht angemeldet. Bitte melden Sie sich an und versuchen Sie es wieder.
error-office-no-such-user = Diesen Benutzernamen gibt es hier nicht. Bitte prüfen Sie ihn.
error-office-user-not-active = Dieses Konto ist ausgeschaltet. Ein Administrator kann es einschalten.
error-office-log-in-again = Der Sicherheitscode hat sich geändert. Bitte melden Sie sich neu an und fragen Sie noch einmal.
error-office-no-security-code = Für diesen Standort ist kein Sicherheitscode festgelegt. Ein Administrator kann einen festlegen.
error-office-not-a-security-code = Ein Sicherheitscode ist eine Zahl von 1000 bis 9999. Bitte geben Sie ihn erneut ein.
error-office-code-waits = Mehrere Codes stimmten nicht. Bitte warten Sie eine Viertelstunde oder fragen Sie einen Administrator.
error-office-code-locked = Sicherheitscodes sind nach mehreren Versuchen für Sie gesperrt. Ein Administrator kann sie entsperren.
error-office-no-such-visit = Diesen Besuch gibt es hier nicht. Bitte suchen Sie ihn noch einmal.
error-office-key-not-in-box = Dieser Schlüssel liegt dort in keinem Fach. Bitte prüfen Sie, wo er ist.
error-office-key-in-box = Dieser Schlüssel liegt schon in einem Fach, oder vielleicht. Bitte prüfen Sie, wo er ist.
error-office-not-reachable = Dieser Kontakt ist nicht erreichbar. Bitte wählen Sie einen anderen.
error-office-no-such-locker = Diesen Schlüsselschrank gibt es hier nicht. Bitte wählen Sie einen anderen.
error-office-which-locker = Es ist nicht klar, welchen Schlüsselschrank Sie meinen. Bitte wählen Sie einen.
error-office-no-such-box = Dieser Schlüsselschrank hat dieses Fach nicht. Bitte prüfen Sie die Nummer.
error-office-no-ticket = Für dieses Tablet liegt keine Erlaubnis bereit. Bitte fordern Sie mit dem Sicherheitscode eine an.
error-office-typed-off = An diesem Schlüsselschrank lassen sich die Ziffern nicht eingeben. Bitte scannen Sie den QR-Code.
error-office-help-closed = Dieser Hilferuf ist erledigt. Es ist nichts zu tun.
error-office-keys-inside = In diesem Schlüsselschrank sind noch Schlüssel, zu prüfende oder fehlende. Bitte klären Sie diese zuerst.
error-office-inbound-only = Hier werden Schlüssel nur abgegeben. Die Rückgabe geht nicht über den Schlüsselschrank.
error-office-key-not-back = Der Schlüssel dieses Besuchs ist noch nicht zurück. Bitte klären Sie das zuerst.
error-office-user-active = Dieser Benutzer ist noch aktiv. Bitte setzen Sie ihn zuerst auf inaktiv.
error-office-right-not-for-role = Diese Rolle kann dieses Recht nicht haben. Bitte wählen Sie eine andere Rolle oder ein anderes Recht.
error-office-login-taken = Dieser Anmeldename ist vergeben. Bitte wählen Sie einen anderen.
error-office-last-dealer-admin = Das ist der letzte Administrator. Bitte bestimmen Sie zuerst einen weiteren.
error-office-out-of-range = Ein Wert fehlt oder liegt außerhalb seiner Grenzen. Bitte prüfen Sie Ihre Eingabe.
error-office-full = Es ist kein Platz mehr. Bitte entfernen Sie, was nicht mehr gebraucht wird.
error-office-no-remark = Es gibt keine Anmerkung zu zeigen. Es ist nichts zu tun.
error-office-already-so = Es ist schon so. Es ist nichts zu tun.
error-office-no-right = Sie haben dieses Recht noch nicht. Bitte fragen Sie einen Administrator.
error-office-wrong-security-code = Dieser Sicherheitscode stimmt nicht. Ein Administrator kann Ihnen den richtigen nennen.
error-office-ticket-expired = Ihre Erlaubnis ist abgelaufen. Bitte fordern Sie mit dem Sicherheitscode eine neue an.
error-office-ticket-used = Ihre Erlaubnis wurde schon benutzt. Bitte fordern Sie mit dem Sicherheitscode eine neue an.
error-office-other-act = Ihre Erlaubnis gilt für eine andere Aufgabe. Bitte fordern Sie eine für diese an.
error-office-other-locker = Ihre Erlaubnis gilt für einen anderen Schlüsselschrank. Bitte gehen Sie zum richtigen.
error-office-not-our-qr = Das ist nicht der QR-Code eines Schlüsselschranks. Bitte scannen Sie den auf dessen Bildschirm.
error-office-key-gone = Dieser Schlüssel ist nicht mehr im Fach. Bitte prüfen Sie, wo er jetzt ist.
error-office-too-many-scans = Mit dieser Erlaubnis wurde zu oft gescannt. Bitte fordern Sie eine neue an.
error-office-not-dealer-admin = Das darf nur ein Administrator. Bitte fragen Sie einen.
error-office-no-ticket-to-drop = Dieses Tablet hat keine Erlaubnis zurückzugeben. Es ist nichts zu tun.

# E-Mails an den Standort.
mail-office-help-subject = Am Schlüsselschrank wartet jemand auf Hilfe
mail-office-help = Ein Hilferuf am Schlüsselschrank ist seit drei Minuten unbeantwortet. Bitte gehen Sie hin oder rufen Sie an.
mail-office-code-locked-subject = Ein Sicherheitscode ist gesperrt
mail-office-code-locked = Zehn Sicherheitscodes stimmten nicht. Konto und Tablet sind gesperrt, bis ein Administrator sie entsperrt.
mail-office-missing-subject = Ein Schlüssel fehlt
mail-office-missing = Fach { $box } war leer, obwohl darin ein Schlüssel verbucht war. Bitte finden Sie heraus, wo er ist.
mail-office-uncollected-subject = Ein Schlüssel wurde nicht abgeholt
mail-office-uncollected = Der Schlüssel in Fach { $box } wartet seit 30 Tagen auf den Kunden, sein Code ist abgelaufen. Bitte melden Sie sich dort.

error-office-wrong-log-in = Name oder Passwort stimmt nicht. Bitte versuchen Sie es wieder.
error-office-log-in-waits = Zu viele Passwörter stimmten nicht. Bitte warten Sie eine Weile und versuchen Sie es dann wieder.
error-locker-unknown-box = Dieser Schlüsselschrank hat kein Fach mit dieser Nummer. Bitte wählen Sie ein anderes.
error-locker-no-reason = Eine Wartung braucht einen Grund. Bitte sagen Sie in wenigen Worten, was gemacht wird.
error-locker-no-link = Zurzeit besteht keine Verbindung. Die Nachricht folgt, sobald es wieder geht.

# Die Zifferntasten: was man hört.
keys-progress = Schritt { $step } von { $of }.
keys-private = Ihre Daten stehen auf dem Bildschirm. Mit Kopfhörern können Sie sie hören.
keys-typed = Stern. { $typed ->
    [one] { $typed } Ziffer eingegeben.
   *[other] { $typed } Ziffern eingegeben.
}
keys-entered = { $count ->
    [one] { $count } Zeichen eingegeben.
   *[other] { $count } Zeichen eingegeben.
}
keys-qr = Auf dem Bildschirm steht ein QR-Code für das Personal. Seine Ziffern:
keys-box = Fach { $box }.
keys-type-digits = Geben Sie mit den Zifferntasten ein.
keys-type-letters = Zifferntasten: erst die Reihe, dann der Buchstabe. Reihe 2: A, B, C. Reihe 3: D, E, F. Wie am Telefon.
keys-more-by-repeat = Für andere Möglichkeiten drücken Sie die Taste Wiederholen.
keys-back-by-repeat = Um weiter einzugeben, drücken Sie die Taste Wiederholen.
keys-digit = { $digit }: { $what }
keys-confirm = Taste Bestätigen: { $what }
keys-erase = Letztes Zeichen löschen
keys-other-field = Zum anderen Feld
keys-more = Weitere Möglichkeiten
keys-space = Leerzeichen
keys-hyphen = Bindestrich
