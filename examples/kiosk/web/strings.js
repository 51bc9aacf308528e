// The texts of the office, tablet, cabinet and mailbox pages: English, French, Dutch, German.

const STRINGS = {
  // Shared
  language: ['Language', 'Langue', 'Taal', 'Sprache'],
  theme: ['Appearance', 'Apparence', 'Weergave', 'Darstellung'],
  themeAuto: ['Automatic', 'Automatique', 'Automatisch', 'Automatisch'],
  themeLight: ['Light', 'Clair', 'Licht', 'Hell'],
  themeDark: ['Dark', 'Sombre', 'Donker', 'Dunkel'],
  lost: ['The connection is lost. What is shown may be old; it comes back by itself.', 'La connexion est perdue. L’affichage peut dater ; elle revient d’elle-même.', 'Geen verbinding. Wat u ziet kan verouderd zijn; het komt vanzelf in orde.', 'Keine Verbindung. Die Anzeige kann veraltet sein; es geht von selbst weiter.'],
  unreachable: ['The server does not answer. Please try again.', 'Le serveur ne répond pas. Veuillez réessayer.', 'De server antwoordt niet. Probeer het opnieuw.', 'Der Server antwortet nicht. Bitte versuchen Sie es wieder.'],
  cancel: ['Cancel', 'Annuler', 'Annuleren', 'Abbrechen'],
  close: ['Close', 'Fermer', 'Sluiten', 'Schließen'],
  back: ['Back', 'Retour', 'Terug', 'Zurück'],
  box: ['Box {n}', 'Casier {n}', 'Vak {n}', 'Fach {n}'],
  none: ['none', 'aucun', 'geen', 'keine'],
  on: ['on', 'activé', 'aan', 'ein'],
  off: ['off', 'désactivé', 'uit', 'aus'],
  // Signing in
  office: ['Key locker office', 'Bureau des clés', 'Sleutelkantoor', 'Schlüsselbüro'],
  tablet: ['Key locker tablet', 'Tablette des clés', 'Sleuteltablet', 'Schlüssel-Tablet'],
  signIn: ['Log in', 'Se connecter', 'Aanmelden', 'Anmelden'],
  signOut: ['Log out', 'Se déconnecter', 'Afmelden', 'Abmelden'],
  user: ['User name', 'Nom d’utilisateur', 'Gebruikersnaam', 'Benutzername'],
  password: ['Password', 'Mot de passe', 'Wachtwoord', 'Passwort'],
  signInLead: ['Log in with your own account: every key you take is booked in your name.', 'Connectez-vous avec votre compte : chaque clé prise est notée à votre nom.', 'Meld u aan met uw eigen account: elke sleutel die u neemt, staat op uw naam.', 'Melden Sie sich mit Ihrem eigenen Konto an: Jeder Schlüssel, den Sie nehmen, wird auf Ihren Namen verbucht.'],
  expired: ['Please log in again. Nothing on the page is lost.', 'Veuillez vous reconnecter. Rien de la page n’est perdu.', 'Meld u opnieuw aan. Niets op de pagina gaat verloren.', 'Bitte melden Sie sich neu an. Nichts auf der Seite geht verloren.'],
  role_mechanic: ['Mechanic', 'Mécanicien', 'Monteur', 'Mechaniker'],
  role_receptionist: ['Receptionist', 'Réceptionniste', 'Receptionist', 'Empfang'],
  role_dealer_admin: ['Dealer admin', 'Administrateur', 'Beheerder', 'Administrator'],
  // Visits
  visits: ['Work orders', 'Ordres de travail', 'Werkorders', 'Aufträge'],
  noVisits: ['No work orders.', 'Aucun ordre de travail.', 'Geen werkorders.', 'Keine Aufträge.'],
  search: ['Find a registration, name or number', 'Chercher une plaque, un nom ou un numéro', 'Nummerplaat, naam of nummer', 'Kennzeichen, Name oder Nummer'],
  noMatch: ['Nothing matches “{q}”.', 'Rien ne correspond à « {q} ».', 'Niets gevonden voor “{q}”.', 'Nichts gefunden zu „{q}“.'],
  order: ['Work order', 'Ordre de travail', 'Werkorder', 'Auftrag'],
  driver: ['Driver', 'Conducteur', 'Bestuurder', 'Fahrer'],
  owner: ['Owner', 'Propriétaire', 'Eigenaar', 'Halter'],
  contractor: ['Contractor', 'Donneur d’ordre', 'Opdrachtgever', 'Auftraggeber'],
  answered: ['answered', 'a répondu', 'heeft geantwoord', 'hat geantwortet'],
  keyIn: ['Key in box {n}', 'Clé dans le casier {n}', 'Sleutel in vak {n}', 'Schlüssel in Fach {n}'],
  keyDropped: ['Key dropped', 'Clé déposée', 'Sleutel afgegeven', 'Schlüssel abgegeben'],
  uncollected: ['Not collected', 'Non retirée', 'Niet opgehaald', 'Nicht abgeholt'],
  custody: ['Key', 'Clé', 'Sleutel', 'Schlüssel'],
  custody_customer: ['with the customer', 'chez le client', 'bij de klant', 'beim Kunden'],
  custody_box: ['in box {n}, {locker}', 'dans le casier {n}, {locker}', 'in vak {n}, {locker}', 'in Fach {n}, {locker}'],
  custody_staff: ['with {user}', 'chez {user}', 'bij {user}', 'bei {user}'],
  custody_to_check: ['box {n} to be checked', 'casier {n} à vérifier', 'vak {n} na te kijken', 'Fach {n} zu prüfen'],
  custody_missing: ['missing', 'introuvable', 'zoek', 'fehlt'],
  since: ['since {at}', 'depuis le {at}', 'sinds {at}', 'seit {at}'],
  timeline: ['What happened', 'Ce qui s’est passé', 'Wat er gebeurde', 'Was geschah'],
  noTimeline: ['Nothing yet.', 'Rien pour l’instant.', 'Nog niets.', 'Noch nichts.'],
  messages: ['Messages', 'Messages', 'Berichten', 'Nachrichten'],
  noMessages: ['No messages were sent.', 'Aucun message envoyé.', 'Er zijn geen berichten verstuurd.', 'Es wurden keine Nachrichten gesendet.'],
  remark: ['Remark by the customer', 'Remarque du client', 'Opmerking van de klant', 'Anmerkung des Kunden'],
  addedPhone: ['Number added at the locker', 'Numéro ajouté au casier', 'Nummer toegevoegd bij de sleutelkluis', 'Am Schlüsselschrank hinzugefügte Nummer'],
  kind_car_in_shop: ['The car is in the shop', 'La voiture est à l’atelier', 'De auto is in de werkplaats', 'Das Fahrzeug ist in der Werkstatt'],
  kind_key_dropped: ['Key dropped', 'Clé déposée', 'Sleutel afgegeven', 'Schlüssel abgegeben'],
  kind_key_picked_up: ['Key picked up', 'Clé retirée', 'Sleutel opgehaald', 'Schlüssel abgeholt'],
  kind_key_dropped_back: ['Key dropped back', 'Clé redéposée', 'Sleutel teruggelegd', 'Schlüssel zurückgelegt'],
  kind_key_collected: ['Picked up by the customer', 'Retirée par le client', 'Opgehaald door de klant', 'Vom Kunden abgeholt'],
  kind_to_check: ['Box to be checked', 'Casier à vérifier', 'Vak na te kijken', 'Fach zu prüfen'],
  kind_settled: ['Box checked', 'Casier vérifié', 'Vak nagekeken', 'Fach geprüft'],
  kind_missing: ['Key missing', 'Clé introuvable', 'Sleutel zoek', 'Schlüssel fehlt'],
  outcome_queued: ['waiting', 'en attente', 'wacht', 'wartet'],
  template_drop_pin: ['PIN to drop the key', 'Code PIN de dépôt', 'Pincode voor het afgeven', 'PIN zum Abgeben'],
  template_check_in_pin: ['PIN of the online check-in', 'Code PIN du pré-enregistrement', 'Pincode van de online check-in', 'PIN der Online-Anmeldung'],
  template_pick_up_pin: ['PIN to pick up the key', 'Code PIN de retrait', 'Pincode voor het ophalen', 'PIN zum Abholen'],
  template_pick_up_reminder: ['Reminder with a new PIN', 'Rappel avec un nouveau code PIN', 'Herinnering met een nieuwe pincode', 'Erinnerung mit neuer PIN'],
  template_pick_up_off: ['Key no longer in the locker', 'La clé n’est plus dans le casier', 'Sleutel niet meer in het vak', 'Schlüssel nicht mehr im Fach'],
  outcome_sent: ['sent', 'envoyé', 'verstuurd', 'gesendet'],
  outcome_failed: ['failed', 'échec', 'niet gelukt', 'nicht gesendet'],
  channel_mail: ['E-mail', 'E-mail', 'E-mail', 'E-Mail'],
  channel_sms: ['SMS', 'SMS', 'Sms', 'SMS'],
  pickUp: ['Pick up this key', 'Retirer cette clé', 'Deze sleutel ophalen', 'Diesen Schlüssel abholen'],
  mayNot: ['You have no right to pick up keys. Please ask a dealer admin.', 'Vous n’avez pas le droit de retirer des clés. Adressez-vous à un administrateur.', 'U hebt geen recht om sleutels op te halen. Vraag het aan een beheerder.', 'Sie haben kein Recht, Schlüssel abzuholen. Bitte fragen Sie einen Administrator.'],
  dropKey: ['Drop this key for the customer', 'Déposer cette clé pour le client', 'Deze sleutel klaarleggen voor de klant', 'Diesen Schlüssel für den Kunden hinterlegen'],
  outbound: ['for the customer', 'pour le client', 'voor de klant', 'für den Kunden'],
  outboundIn: ['Box {n}, for the customer', 'Casier {n}, pour le client', 'Vak {n}, voor de klant', 'Fach {n}, für den Kunden'],
  whoGetsPin: ['Who gets the PIN code?', 'Qui reçoit le code PIN ?', 'Wie krijgt de pincode?', 'Wer bekommt den PIN-Code?'],
  contact_private: ['private', 'privé', 'privé', 'privat'],
  contact_business: ['business', 'professionnel', 'zakelijk', 'geschäftlich'],
  contact_added: ['added at the locker', 'ajouté à l’armoire', 'toegevoegd bij de sleutelkluis', 'am Schlüsselschrank hinzugefügt'],
  noContact: ['Nobody can get the PIN code: there is no e-mail address that may be used, and this location sends no text messages. Please ask a dealer admin.', 'Personne ne peut recevoir le code PIN : aucune adresse e-mail n’est utilisable et ce site n’envoie pas de SMS. Adressez-vous à un administrateur.', 'Niemand kan de pincode krijgen: er is geen bruikbaar e-mailadres en deze vestiging verstuurt geen sms’en. Vraag het aan een beheerder.', 'Niemand kann den PIN-Code bekommen: Es gibt keine nutzbare E-Mail-Adresse, und dieser Standort sendet keine SMS. Bitte fragen Sie einen Administrator.'],
  sendAgain: ['Send the PIN code again', 'Renvoyer le code PIN', 'Pincode opnieuw versturen', 'PIN-Code erneut senden'],
  sendAgainLead: ['The PIN code that was sent before then no longer works.', 'Le code PIN envoyé auparavant ne sera alors plus valable.', 'De eerder verstuurde pincode werkt dan niet meer.', 'Der zuvor gesendete PIN-Code gilt dann nicht mehr.'],
  sentAgain: ['The PIN code is on its way.', 'Le code PIN est en route.', 'De pincode is onderweg.', 'Der PIN-Code ist unterwegs.'],
  choose: ['Choose a work order to see what happened to its key.', 'Choisissez un ordre de travail pour voir ce qu’est devenue sa clé.', 'Kies een werkorder om te zien wat er met de sleutel gebeurde.', 'Wählen Sie einen Auftrag, um zu sehen, was mit dem Schlüssel geschah.'],
  // Tickets and scanning
  securityCode: ['Security code', 'Code de sécurité', 'Veiligheidscode', 'Sicherheitscode'],
  securityLead: ['The security code of this location. A dealer admin has it.', 'Le code de sécurité de ce site. Un administrateur le connaît.', 'De veiligheidscode van deze vestiging. Een beheerder kent die.', 'Der Sicherheitscode dieses Standorts. Ein Administrator kennt ihn.'],
  getTicket: ['Continue', 'Continuer', 'Verdergaan', 'Weiter'],
  ticket_pick_up: ['Pick up the key in box {n}, {locker}', 'Retirer la clé du casier {n}, {locker}', 'De sleutel in vak {n} ophalen, {locker}', 'Den Schlüssel in Fach {n} abholen, {locker}'],
  ticket_drop: ['Drop the key for the customer', 'Déposer la clé pour le client', 'De sleutel klaarleggen voor de klant', 'Den Schlüssel für den Kunden hinterlegen'],
  ticket_check: ['Check box {n}, {locker}', 'Vérifier le casier {n}, {locker}', 'Vak {n} nakijken, {locker}', 'Fach {n} prüfen, {locker}'],
  timeLeft: ['{t} left', 'encore {t}', 'nog {t}', 'noch {t}'],
  ticketGone: ['The time is up: this permission has ended.', 'Le temps est écoulé : cette autorisation a pris fin.', 'De tijd is om: deze toestemming is voorbij.', 'Die Zeit ist um: Diese Erlaubnis ist zu Ende.'],
  giveUp: ['Give up', 'Abandonner', 'Opgeven', 'Aufgeben'],
  how_pick_up: ['At the locker: “Pick up a key”, then “Go”, then “QR code”. Scan the code on its screen.', 'Au casier : « Retirer une clé », puis « Commencer », puis « Code QR ». Scannez le code à l’écran.', 'Bij de sleutelkluis: “Sleutel ophalen”, dan “Beginnen”, dan “QR-code”. Scan de code op het scherm.', 'Am Schlüsselschrank: „Schlüssel abholen“, dann „Beginnen“, dann „QR-Code“. Scannen Sie den Code auf dem Bildschirm.'],
  how_drop: ['At the locker: “Drop a key”, then “Go”, then “QR code”. Scan the code on its screen.', 'À l’armoire : « Déposer une clé », puis « Commencer », puis « Code QR ». Scannez le code à l’écran.', 'Bij de sleutelkluis: “Sleutel afgeven”, dan “Beginnen”, dan “QR-code”. Scan de code op het scherm.', 'Am Schlüsselschrank: „Schlüssel abgeben“, dann „Beginnen“, dann „QR-Code“. Scannen Sie den Code auf dem Bildschirm.'],
  how_check: ['Go to the locker: “Pick up a key”, then “Go”, then “QR code”. Scan the code on its screen with this device or a tablet that you are logged in to.', 'Allez au casier : « Retirer une clé », puis « Commencer », puis « Code QR ». Scannez le code à l’écran avec cet appareil ou une tablette où vous êtes connecté.', 'Ga naar de sleutelkluis: “Sleutel ophalen”, dan “Beginnen”, dan “QR-code”. Scan de code op het scherm met dit toestel of met een tablet waarop u aangemeld bent.', 'Gehen Sie zum Schlüsselschrank: „Schlüssel abholen“, dann „Beginnen“, dann „QR-Code“. Scannen Sie den Code auf dem Bildschirm mit diesem Gerät oder einem Tablet, an dem Sie angemeldet sind.'],
  scan: ['Scan with the camera', 'Scanner avec la caméra', 'Scannen met de camera', 'Mit der Kamera scannen'],
  stopScan: ['Stop the camera', 'Arrêter la caméra', 'Camera stoppen', 'Kamera stoppen'],
  scanning: ['Hold the camera in front of the code.', 'Tenez la caméra devant le code.', 'Houd de camera voor de code.', 'Halten Sie die Kamera vor den Code.'],
  cameraAlt: ['Picture of the camera', 'Image de la caméra', 'Beeld van de camera', 'Bild der Kamera'],
  noCamera: ['The camera cannot be used here. Please type the 8 digits under the code.', 'La caméra n’est pas utilisable ici. Tapez les 8 chiffres sous le code.', 'De camera is hier niet te gebruiken. Typ de 8 cijfers onder de code.', 'Die Kamera ist hier nicht nutzbar. Bitte geben Sie die 8 Ziffern unter dem Code ein.'],
  digits: ['Or type the 8 digits under the code', 'Ou tapez les 8 chiffres sous le code', 'Of typ de 8 cijfers onder de code', 'Oder geben Sie die 8 Ziffern unter dem Code ein'],
  send: ['Send', 'Envoyer', 'Versturen', 'Senden'],
  digitsWrong: ['Please type all 8 digits.', 'Veuillez taper les 8 chiffres.', 'Typ alle 8 cijfers.', 'Bitte geben Sie alle 8 Ziffern ein.'],
  opened: ['Box {n} is opening', 'Le casier {n} s’ouvre', 'Vak {n} gaat open', 'Fach {n} öffnet sich'],
  openedLead_pick_up: ['Take the key, close the door and press “Confirm” at the locker.', 'Prenez la clé, fermez la porte et appuyez sur « Confirmer » au casier.', 'Neem de sleutel, sluit de deur en tik bij de sleutelkluis op “Bevestigen”.', 'Nehmen Sie den Schlüssel, schließen Sie die Tür und tippen Sie am Schlüsselschrank auf „Bestätigen“.'],
  openedLead_drop: ['Put the key in, close the door and press “Confirm” at the locker. Then the customer gets the PIN code.', 'Déposez la clé, fermez la porte et appuyez sur « Confirmer » à l’armoire. Le client reçoit alors le code PIN.', 'Leg de sleutel erin, sluit de deur en tik bij de sleutelkluis op “Bevestigen”. Dan krijgt de klant de pincode.', 'Legen Sie den Schlüssel hinein, schließen Sie die Tür und tippen Sie am Schlüsselschrank auf „Bestätigen“. Dann bekommt der Kunde den PIN-Code.'],
  openedLead_check: ['Look into the box, close the door and answer at the locker.', 'Regardez dans le casier, fermez la porte et répondez au casier.', 'Kijk in het vak, sluit de deur en antwoord bij de sleutelkluis.', 'Sehen Sie im Fach nach, schließen Sie die Tür und antworten Sie am Schlüsselschrank.'],
  done: ['Done', 'Terminé', 'Klaar', 'Fertig'],
  // Help
  helpCalls: ['Calls for help', 'Appels à l’aide', 'Oproepen om hulp', 'Hilferufe'],
  noHelp: ['Nobody is calling for help.', 'Personne n’appelle à l’aide.', 'Niemand vraagt om hulp.', 'Niemand ruft um Hilfe.'],
  handle: ['Handle', 'Je m’en occupe', 'Ik doe het', 'Ich übernehme'],
  disregard: ['Disregard', 'Ignorer', 'Negeren', 'Ignorieren'],
  repeats: ['called {n} times', 'appelé {n} fois', '{n} keer gevraagd', '{n}-mal gerufen'],
  handledBy: ['handled by {user}', 'pris en charge par {user}', '{user} doet het', '{user} übernimmt'],
  unrecorded: [
    'not recorded: the locker cannot write to its journal',
    'non enregistré : l’armoire ne peut pas écrire dans son journal',
    'niet vastgelegd: de kast kan niet in haar journaal schrijven',
    'nicht aufgezeichnet: der Schrank kann nicht in sein Journal schreiben',
  ],
  helpAt: ['{locker}: at step “{step}”', '{locker} : à l’étape « {step} »', '{locker}: bij stap “{step}”', '{locker}: bei Schritt „{step}“'],
  step_start: ['start screen', 'écran de départ', 'beginscherm', 'Startbildschirm'],
  step_welcome: ['welcome', 'bienvenue', 'welkom', 'Willkommen'],
  step_method: ['how to begin', 'comment commencer', 'hoe beginnen', 'wie beginnen'],
  step_pin: ['PIN code', 'code PIN', 'pincode', 'PIN-Code'],
  step_registration: ['registration number', 'numéro de plaque', 'nummerplaat', 'Kennzeichen'],
  step_phone: ['phone number', 'numéro de GSM', 'telefoonnummer', 'Telefonnummer'],
  step_searching: ['look-up', 'recherche', 'opzoeken', 'Suche'],
  step_no_match: ['look-up', 'recherche', 'opzoeken', 'Suche'],
  step_vehicle: ['choice of the vehicle', 'choix du véhicule', 'keuze van het voertuig', 'Wahl des Fahrzeugs'],
  step_contact: ['sending the code', 'envoi du code', 'code versturen', 'Code senden'],
  step_sending: ['sending the code', 'envoi du code', 'code versturen', 'Code senden'],
  step_sent: ['code sent', 'code envoyé', 'code verstuurd', 'Code gesendet'],
  step_qr: ['QR code', 'code QR', 'QR-code', 'QR-Code'],
  step_driver: ['contact details', 'coordonnées', 'contactgegevens', 'Kontaktdaten'],
  step_add_phone: ['contact details', 'coordonnées', 'contactgegevens', 'Kontaktdaten'],
  step_appointments: ['appointment', 'rendez-vous', 'afspraak', 'Termin'],
  step_remark: ['remark', 'remarque', 'opmerking', 'Anmerkung'],
  step_serve: ['at the open box', 'au casier ouvert', 'bij het open vak', 'am offenen Fach'],
  step_settle: ['checking a box', 'vérification d’un casier', 'een vak nakijken', 'ein Fach prüfen'],
  step_thanks: ['last screen', 'dernier écran', 'laatste scherm', 'letzter Bildschirm'],
  step_sorry: ['the box could not be opened', 'le casier ne s’ouvre pas', 'het vak ging niet open', 'das Fach ging nicht auf'],
  // Lockers
  lockers: ['Lockers', 'Casiers', 'Sleutelkluizen', 'Schlüsselschränke'],
  noLockers: ['No lockers.', 'Aucun casier.', 'Geen sleutelkluizen.', 'Keine Schlüsselschränke.'],
  twoFactor: ['Two-factor to drop', 'Double contrôle au dépôt', 'Pincode nodig bij afgifte', 'PIN-Code bei Abgabe nötig'],
  codeLocked: ['Code entry is locked until {at}', 'La saisie de code est bloquée jusqu’au {at}', 'Codes intypen kan niet tot {at}', 'Codeeingabe gesperrt bis {at}'],
  boxesFree: ['{free} of {all} boxes free', '{free} casiers libres sur {all}', '{free} van {all} vakken vrij', '{free} von {all} Fächern frei'],
  legend: ['Legend', 'Légende', 'Legenda', 'Legende'],
  assignment_free: ['free', 'libre', 'vrij', 'frei'],
  assignment_reserved: ['reserved', 'réservé', 'gereserveerd', 'reserviert'],
  assignment_holding: ['holds a key', 'contient une clé', 'bevat een sleutel', 'enthält einen Schlüssel'],
  outOfService: ['out of service', 'hors service', 'buiten gebruik', 'außer Betrieb'],
  toCheck: ['to be checked', 'à vérifier', 'na te kijken', 'zu prüfen'],
  door_open: ['door open', 'porte ouverte', 'deur open', 'Tür offen'],
  door_closed: ['door closed', 'porte fermée', 'deur dicht', 'Tür zu'],
  door_unknown: ['door unknown', 'porte inconnue', 'deur onbekend', 'Tür unbekannt'],
  item_present: ['something inside', 'quelque chose dedans', 'er ligt iets in', 'etwas darin'],
  item_absent: ['nothing inside', 'rien dedans', 'er ligt niets in', 'nichts darin'],
  item_unknown: ['content unknown', 'contenu inconnu', 'inhoud onbekend', 'Inhalt unbekannt'],
  checkBox: ['Check box {n}', 'Vérifier le casier {n}', 'Vak {n} nakijken', 'Fach {n} prüfen'],
  // Codes of staff
  temporaryPin: ['Temporary PIN', 'PIN temporaire', 'Tijdelijke pincode', 'Temporäre PIN'],
  temporaryLead: ['It opens one box, once, within 10 minutes. It is typed at the locker under “Pick up”, “PIN code”. Your name and the reason are noted.', 'Il ouvre un seul casier, une fois, dans les 10 minutes. Il se tape à l’armoire sous « Retirer », « Code PIN ». Votre nom et la raison sont notés.', 'Deze opent één vak, één keer, binnen 10 minuten. Typ de code bij de kluis onder “Ophalen”, “Pincode”. Uw naam en de reden worden genoteerd.', 'Sie öffnet ein Fach, einmal, innerhalb von 10 Minuten. Sie wird am Schrank unter „Abholen“, „PIN-Code“ eingegeben. Ihr Name und der Grund werden vermerkt.'],
  temporaryMade: ['Write it down now: it is shown this once and lives {minutes} minutes.', 'Notez-le maintenant : il n’est montré qu’une fois et vit {minutes} minutes.', 'Noteer deze nu: u ziet de code alleen nu, en ze geldt {minutes} minuten.', 'Bitte jetzt notieren: Sie wird nur dieses Mal gezeigt und gilt {minutes} Minuten.'],
  whichBox: ['Which box', 'Quel casier', 'Welk vak', 'Welches Fach'],
  anyBox: ['Any one box, chosen at the locker', 'Un casier au choix, à l’armoire', 'Eén vak naar keuze, bij de kluis', 'Ein beliebiges Fach, am Schrank gewählt'],
  reason: ['Reason', 'Raison', 'Reden', 'Grund'],
  makePin: ['Get the PIN', 'Obtenir le PIN', 'Pincode maken', 'PIN holen'],
  authenticator: ['My authenticator', 'Mon authentificateur', 'Mijn authenticator', 'Mein Authenticator'],
  enrolLead: ['An app on your phone then shows codes that open boxes of this locker in your name, also without a connection. An earlier one stops working.', 'Une application de votre téléphone montre alors des codes qui ouvrent les casiers de cette armoire à votre nom, même sans connexion. Une précédente cesse de fonctionner.', 'Een app op uw telefoon toont dan codes die vakken van deze kluis op uw naam openen, ook zonder verbinding. Een eerdere werkt dan niet meer.', 'Eine App auf Ihrem Telefon zeigt dann Codes, die Fächer dieses Schranks auf Ihren Namen öffnen, auch ohne Verbindung. Eine frühere gilt nicht mehr.'],
  enrolMade: ['Scan this with your authenticator app now. It is shown this once; whoever has it can open boxes in your name.', 'Scannez ceci maintenant avec votre application. Montré une seule fois ; qui l’a peut ouvrir des casiers à votre nom.', 'Scan dit nu met uw authenticator-app. U ziet het alleen nu; wie het heeft, kan op uw naam vakken openen.', 'Scannen Sie dies jetzt mit Ihrer Authenticator-App. Es wird nur dieses Mal gezeigt; wer es hat, kann auf Ihren Namen Fächer öffnen.'],
  enrolQr: ['QR code for the authenticator app', 'Code QR pour l’application d’authentification', 'QR-code voor de authenticator-app', 'QR-Code für die Authenticator-App'],
  enrolHere: ['Open in an app on this device', 'Ouvrir dans une application de cet appareil', 'Openen in een app op dit toestel', 'In einer App auf diesem Gerät öffnen'],
  enrol: ['Set up', 'Configurer', 'Instellen', 'Einrichten'],
  revoke: ['Revoke the authenticator of {user}', 'Retirer l’authentificateur de {user}', 'Authenticator van {user} intrekken', 'Authenticator von {user} entziehen'],
  step_reason: ['staff: reason', 'personnel : raison', 'medewerker: reden', 'Personal: Grund'],
  step_box: ['staff: choice of a box', 'personnel : choix du casier', 'medewerker: keuze van een vak', 'Personal: Wahl des Fachs'],
  notice: ['Notice', 'Avis', 'Melding', 'Hinweis'],
  // Cabinet
  cabinet: ['Simulated cabinet', 'Armoire simulée', 'Nagebootste sleutelkluis', 'Simulierter Schlüsselschrank'],
  cabinetLead: ['Click a door to pull it open or push it shut; click inside to put or take a key.', 'Cliquez sur une porte pour la tirer ou la pousser ; cliquez à l’intérieur pour mettre ou prendre une clé.', 'Klik op een deur om die open te trekken of dicht te duwen; klik erin om een sleutel te leggen of te nemen.', 'Klicken Sie auf eine Tür, um sie aufzuziehen oder zuzudrücken; klicken Sie hinein, um einen Schlüssel hineinzulegen oder zu nehmen.'],
  noCabinet: ['This kiosk has no simulated cabinet.', 'Ce kiosque n’a pas d’armoire simulée.', 'Deze kiosk heeft geen nagebootste sleutelkluis.', 'Dieser Kiosk hat keinen simulierten Schlüsselschrank.'],
  doorOpen: ['open', 'ouverte', 'open', 'offen'],
  doorShut: ['closed', 'fermée', 'dicht', 'zu'],
  pull: ['Pull open', 'Tirer', 'Opentrekken', 'Aufziehen'],
  push: ['Push shut', 'Pousser', 'Dichtduwen', 'Zudrücken'],
  pry: ['Pry open', 'Forcer', 'Openbreken', 'Aufbrechen'],
  putKey: ['Put a key in', 'Mettre une clé', 'Een sleutel erin leggen', 'Schlüssel hineinlegen'],
  takeKey: ['Take “{item}”', 'Prendre « {item} »', '“{item}” nemen', '„{item}“ nehmen'],
  itemName: ['What to put in', 'Quoi mettre', 'Wat erin gaat', 'Was hineinkommt'],
  aKey: ['key', 'clé', 'sleutel', 'Schlüssel'],
  held: ['Box {n} is latched: the door does not move.', 'Le casier {n} est verrouillé : la porte ne bouge pas.', 'Vak {n} is vergrendeld: de deur beweegt niet.', 'Fach {n} ist verriegelt: Die Tür bewegt sich nicht.'],
  doorSensor: ['Door sensor says', 'Le capteur de porte dit', 'De deursensor meldt', 'Der Türsensor meldet'],
  itemSensor: ['Item sensor says', 'Le capteur d’objet dit', 'De voorwerpsensor meldt', 'Der Inhaltssensor meldet'],
  sensed_open: ['open', 'ouverte', 'open', 'offen'],
  sensed_closed: ['closed', 'fermée', 'dicht', 'zu'],
  sensed_present: ['something inside', 'quelque chose dedans', 'er ligt iets in', 'etwas darin'],
  sensed_absent: ['nothing inside', 'rien dedans', 'er ligt niets in', 'nichts darin'],
  sensed_unknown: ['nothing', 'rien', 'niets', 'nichts'],
  pulses: ['Pulses so far', 'Impulsions', 'Pulsen tot nu toe', 'Impulse bisher'],
  content: ['Inside', 'Dedans', 'Inhoud', 'Inhalt'],
  empty: ['empty', 'vide', 'leeg', 'leer'],
  faults: ['Faults', 'Pannes', 'Storingen', 'Störungen'],
  fault_jam: ['Lock jams', 'Serrure bloquée', 'Slot klemt', 'Schloss klemmt'],
  fault_stuck_open: ['Door sensor stuck at open', 'Capteur de porte figé : ouvert', 'Deursensor blijft op open', 'Türsensor bleibt auf offen'],
  fault_stuck_closed: ['Door sensor stuck at closed', 'Capteur de porte figé : fermé', 'Deursensor blijft op dicht', 'Türsensor bleibt auf zu'],
  fault_cut: ['Door sensor wire cut', 'Fil du capteur coupé', 'Draad van de deursensor door', 'Kabel des Türsensors getrennt'],
  fault_item_stuck_present: ['Item sensor stuck at present', 'Capteur d’objet figé : présent', 'Voorwerpsensor blijft op aanwezig', 'Inhaltssensor bleibt auf belegt'],
  fault_item_stuck_absent: ['Item sensor stuck at absent', 'Capteur d’objet figé : absent', 'Voorwerpsensor blijft op afwezig', 'Inhaltssensor bleibt auf leer'],
  boards: ['Lock boards', 'Cartes de commande', 'Slotbesturingen', 'Schlossplatinen'],
  board: ['Board {n}', 'Carte {n}', 'Besturing {n}', 'Platine {n}'],
  dead: ['Dead', 'Muette', 'Stil', 'Stumm'],
  slow: ['Slow', 'Lente', 'Traag', 'Langsam'],
  unlocked: ['Box {n} unlocked', 'Casier {n} déverrouillé', 'Vak {n} ontgrendeld', 'Fach {n} entriegelt'],
  // Mailbox
  mailbox: ['Mailbox of the demo', 'Boîte aux lettres de la démo', 'Postvak van de demo', 'Postfach der Demo'],
  mailboxLead: ['Messages that a real system would have sent. They live in memory and are gone at a restart.', 'Messages qu’un vrai système aurait envoyés. Ils restent en mémoire et disparaissent au redémarrage.', 'Berichten die een echt systeem verstuurd zou hebben. Ze staan in het geheugen en zijn weg na een herstart.', 'Nachrichten, die ein echtes System gesendet hätte. Sie liegen im Speicher und sind nach einem Neustart weg.'],
  noMail: ['No messages yet.', 'Aucun message pour l’instant.', 'Nog geen berichten.', 'Noch keine Nachrichten.'],
  to: ['To {to}', 'À {to}', 'Aan {to}', 'An {to}'],
  // Index
  index: ['Key locker', 'Casier à clés', 'Sleutelkluis', 'Schlüsselschrank'],
  indexLead: ['The pages of this kiosk.', 'Les pages de ce kiosque.', 'De pagina’s van deze kiosk.', 'Die Seiten dieses Kiosks.'],
  p_kiosk: ['Bottom screen', 'Écran du bas', 'Onderste scherm', 'Unterer Bildschirm'],
  d_kiosk: ['where keys are dropped and picked up', 'où l’on dépose et retire les clés', 'waar sleutels worden afgegeven en opgehaald', 'wo Schlüssel abgegeben und abgeholt werden'],
  p_top: ['Top screen', 'Écran du haut', 'Bovenste scherm', 'Oberer Bildschirm'],
  d_top: ['what bystanders see', 'ce que voient les passants', 'wat omstanders zien', 'was Umstehende sehen'],
  p_cabinet: ['Simulated cabinet', 'Armoire simulée', 'Nagebootste sleutelkluis', 'Simulierter Schlüsselschrank'],
  d_cabinet: ['doors, keys, sensors and faults', 'portes, clés, capteurs et pannes', 'deuren, sleutels, sensoren en storingen', 'Türen, Schlüssel, Sensoren und Störungen'],
  p_mailbox: ['Mailbox', 'Boîte aux lettres', 'Postvak', 'Postfach'],
  d_mailbox: ['the codes that would have been sent', 'les codes qui auraient été envoyés', 'de codes die verstuurd zouden zijn', 'die Codes, die gesendet worden wären'],
  p_office: ['Office', 'Bureau', 'Kantoor', 'Büro'],
  d_office: ['work orders, lockers and calls for help', 'ordres de travail, casiers et appels à l’aide', 'werkorders, sleutelkluizen en oproepen om hulp', 'Aufträge, Schlüsselschränke und Hilferufe'],
  p_tablet: ['Tablet', 'Tablette', 'Tablet', 'Tablet'],
  d_tablet: ['staff pick up a key', 'le personnel retire une clé', 'medewerkers halen een sleutel op', 'das Personal holt einen Schlüssel ab'],
};

/** The languages in the order of the texts above, each with its own name. */
export const LANGUAGES = [['en', 'English'], ['fr', 'Français'], ['nl', 'Nederlands'], ['de', 'Deutsch']];
const TAGS = LANGUAGES.map(([tag]) => tag);
let language = remembered() ?? TAGS.find((tag) => navigator.language.startsWith(tag)) ?? 'en';

function remembered() {
  try {
    return TAGS.find((tag) => tag === localStorage.getItem('language'));
  } catch {
    return undefined;
  }
}

/** The language in use. */
export const lang = () => language;

/** Chooses a language and remembers it on this device. */
export function choose(name) {
  language = name;
  try { localStorage.setItem('language', name); } catch { /* Private mode: it holds until the page is left. */ }
}

/** A text, with `{name}` filled in; an unknown key shows itself. */
export function t(key, values = {}) {
  const text = STRINGS[key]?.[TAGS.indexOf(language)] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

/** A step of the kiosk in words; its own name where there are none. */
export function stepWords(id) {
  const key = `step_${id.split('.').at(-1)}`;
  return STRINGS[key] ? t(key) : id;
}

/** `14:05` of a time as the location's clock showed it. */
export const clock = (at) => at?.slice(11, 16) ?? '';

/** `2 Jan` of a date or time as the location's calendar showed it. */
export function day(at) {
  const [year, month, date] = (at ?? '').slice(0, 10).split('-').map(Number);
  if (!date) return '';
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(Date.UTC(year, month - 1, date));
}

/** Day and time together. */
export const when = (at) => (at ? `${day(at)}, ${clock(at)}` : '');
