// The texts of the office, tablet, cabinet and mailbox pages, in English and French.

const STRINGS = {
  // Shared
  language: ['Language', 'Langue'], theme: ['Appearance', 'Apparence'], themeAuto: ['Automatic', 'Automatique'], themeLight: ['Light', 'Clair'], themeDark: ['Dark', 'Sombre'],
  lost: ['The connection is lost. What is shown may be old; it comes back by itself.', 'La connexion est perdue. L’affichage peut dater ; elle revient d’elle-même.'],
  unreachable: ['The server does not answer. Please try again.', 'Le serveur ne répond pas. Veuillez réessayer.'],
  cancel: ['Cancel', 'Annuler'], close: ['Close', 'Fermer'], back: ['Back', 'Retour'], box: ['Box {n}', 'Casier {n}'], none: ['none', 'aucun'], on: ['on', 'activé'], off: ['off', 'désactivé'],
  // Signing in
  office: ['Key locker office', 'Bureau des clés'], tablet: ['Key locker tablet', 'Tablette des clés'],
  signIn: ['Log in', 'Se connecter'], signOut: ['Log out', 'Se déconnecter'], user: ['User name', 'Nom d’utilisateur'], password: ['Password', 'Mot de passe'],
  signInLead: ['Log in with your own account: every key you take is booked in your name.', 'Connectez-vous avec votre compte : chaque clé prise est notée à votre nom.'],
  expired: ['Please log in again. Nothing on the page is lost.', 'Veuillez vous reconnecter. Rien de la page n’est perdu.'],
  role_mechanic: ['Mechanic', 'Mécanicien'], role_receptionist: ['Receptionist', 'Réceptionniste'], role_dealer_admin: ['Dealer admin', 'Administrateur'],
  // Visits
  visits: ['Work orders', 'Ordres de travail'], noVisits: ['No work orders.', 'Aucun ordre de travail.'], search: ['Find a registration, name or number', 'Chercher une plaque, un nom ou un numéro'], noMatch: ['Nothing matches “{q}”.', 'Rien ne correspond à « {q} ».'],
  order: ['Work order', 'Ordre de travail'], driver: ['Driver', 'Conducteur'], owner: ['Owner', 'Propriétaire'], contractor: ['Contractor', 'Donneur d’ordre'],
  answered: ['answered', 'a répondu'], keyIn: ['Key in box {n}', 'Clé dans le casier {n}'], keyDropped: ['Key dropped', 'Clé déposée'], uncollected: ['Not collected', 'Non retirée'],
  custody: ['Key', 'Clé'], custody_customer: ['with the customer', 'chez le client'], custody_box: ['in box {n}, {locker}', 'dans le casier {n}, {locker}'], custody_staff: ['with {user}', 'chez {user}'],
  custody_to_check: ['box {n} to be checked', 'casier {n} à vérifier'], custody_missing: ['missing', 'introuvable'], since: ['since {at}', 'depuis le {at}'],
  timeline: ['What happened', 'Ce qui s’est passé'], noTimeline: ['Nothing yet.', 'Rien pour l’instant.'], messages: ['Messages', 'Messages'], noMessages: ['No messages were sent.', 'Aucun message envoyé.'],
  remark: ['Remark by the customer', 'Remarque du client'], addedPhone: ['Number added at the locker', 'Numéro ajouté au casier'],
  kind_car_in_shop: ['The car is in the shop', 'La voiture est à l’atelier'], kind_key_dropped: ['Key dropped', 'Clé déposée'], kind_key_picked_up: ['Key picked up', 'Clé retirée'], kind_key_dropped_back: ['Key dropped back', 'Clé redéposée'],
  kind_key_collected: ['Picked up by the customer', 'Retirée par le client'], kind_to_check: ['Box to be checked', 'Casier à vérifier'], kind_settled: ['Box checked', 'Casier vérifié'], kind_missing: ['Key missing', 'Clé introuvable'],
  outcome_queued: ['waiting', 'en attente'], outcome_sent: ['sent', 'envoyé'], outcome_failed: ['failed', 'échec'], channel_mail: ['E-mail', 'E-mail'], channel_sms: ['SMS', 'SMS'],
  pickUp: ['Pick up this key', 'Retirer cette clé'], mayNot: ['You have no right to pick up keys. Please ask a dealer admin.', 'Vous n’avez pas le droit de retirer des clés. Adressez-vous à un administrateur.'],
  choose: ['Choose a work order to see what happened to its key.', 'Choisissez un ordre de travail pour voir ce qu’est devenue sa clé.'],
  // Tickets and scanning
  securityCode: ['Security code', 'Code de sécurité'], securityLead: ['The security code of this location. A dealer admin has it.', 'Le code de sécurité de ce site. Un administrateur le connaît.'], getTicket: ['Continue', 'Continuer'],
  ticket_pick_up: ['Pick up the key in box {n}, {locker}', 'Retirer la clé du casier {n}, {locker}'], ticket_check: ['Check box {n}, {locker}', 'Vérifier le casier {n}, {locker}'], timeLeft: ['{t} left', 'encore {t}'],
  ticketGone: ['The time is up: this permission has ended.', 'Le temps est écoulé : cette autorisation a pris fin.'], giveUp: ['Give up', 'Abandonner'],
  how_pick_up: ['At the locker: “Pick up a key”, then “Go”, then “QR code”. Scan the code on its screen.', 'Au casier : « Retirer une clé », puis « Commencer », puis « Code QR ». Scannez le code à l’écran.'],
  how_check: ['Go to the locker: “Pick up a key”, then “Go”, then “QR code”. Scan the code on its screen with this device or a tablet that you are logged in to.', 'Allez au casier : « Retirer une clé », puis « Commencer », puis « Code QR ». Scannez le code à l’écran avec cet appareil ou une tablette où vous êtes connecté.'],
  scan: ['Scan with the camera', 'Scanner avec la caméra'], stopScan: ['Stop the camera', 'Arrêter la caméra'], scanning: ['Hold the camera in front of the code.', 'Tenez la caméra devant le code.'], cameraAlt: ['Picture of the camera', 'Image de la caméra'],
  noCamera: ['The camera cannot be used here. Please type the 8 digits under the code.', 'La caméra n’est pas utilisable ici. Tapez les 8 chiffres sous le code.'],
  digits: ['Or type the 8 digits under the code', 'Ou tapez les 8 chiffres sous le code'], send: ['Send', 'Envoyer'], digitsWrong: ['Please type all 8 digits.', 'Veuillez taper les 8 chiffres.'],
  opened: ['Box {n} is opening', 'Le casier {n} s’ouvre'], openedLead_pick_up: ['Take the key, close the door and press “Confirm” at the locker.', 'Prenez la clé, fermez la porte et appuyez sur « Confirmer » au casier.'], openedLead_check: ['Look into the box, close the door and answer at the locker.', 'Regardez dans le casier, fermez la porte et répondez au casier.'], done: ['Done', 'Terminé'],
  // Help
  helpCalls: ['Calls for help', 'Appels à l’aide'], noHelp: ['Nobody is calling for help.', 'Personne n’appelle à l’aide.'], handle: ['Handle', 'Je m’en occupe'], disregard: ['Disregard', 'Ignorer'], repeats: ['called {n} times', 'appelé {n} fois'], handledBy: ['handled by {user}', 'pris en charge par {user}'], unrecorded: ['not recorded: the locker cannot write to its journal', 'non enregistré : l’armoire ne peut pas écrire dans son journal'], helpAt: ['{locker}: at step “{step}”', '{locker} : à l’étape « {step} »'],
  step_start: ['start screen', 'écran de départ'], step_welcome: ['welcome', 'bienvenue'], step_method: ['how to begin', 'comment commencer'], step_pin: ['PIN code', 'code PIN'], step_registration: ['registration number', 'numéro de plaque'], step_phone: ['phone number', 'numéro de GSM'],
  step_searching: ['look-up', 'recherche'], step_no_match: ['look-up', 'recherche'], step_vehicle: ['choice of the vehicle', 'choix du véhicule'], step_contact: ['sending the code', 'envoi du code'], step_sending: ['sending the code', 'envoi du code'], step_sent: ['code sent', 'code envoyé'], step_qr: ['QR code', 'code QR'],
  step_driver: ['contact details', 'coordonnées'], step_add_phone: ['contact details', 'coordonnées'], step_appointments: ['appointment', 'rendez-vous'], step_remark: ['remark', 'remarque'], step_serve: ['at the open box', 'au casier ouvert'], step_settle: ['checking a box', 'vérification d’un casier'], step_thanks: ['last screen', 'dernier écran'], step_sorry: ['the box could not be opened', 'le casier ne s’ouvre pas'],
  // Lockers
  lockers: ['Lockers', 'Casiers'], noLockers: ['No lockers.', 'Aucun casier.'], twoFactor: ['Two-factor to drop', 'Double contrôle au dépôt'], codeLocked: ['Code entry is locked until {at}', 'La saisie de code est bloquée jusqu’au {at}'],
  boxesFree: ['{free} of {all} boxes free', '{free} casiers libres sur {all}'], legend: ['Legend', 'Légende'], assignment_free: ['free', 'libre'], assignment_reserved: ['reserved', 'réservé'], assignment_holding: ['holds a key', 'contient une clé'], outOfService: ['out of service', 'hors service'], toCheck: ['to be checked', 'à vérifier'],
  door_open: ['door open', 'porte ouverte'], door_closed: ['door closed', 'porte fermée'], door_unknown: ['door unknown', 'porte inconnue'], item_present: ['something inside', 'quelque chose dedans'], item_absent: ['nothing inside', 'rien dedans'], item_unknown: ['content unknown', 'contenu inconnu'], checkBox: ['Check box {n}', 'Vérifier le casier {n}'],
  notice: ['Notice', 'Avis'],
  // Cabinet
  cabinet: ['Simulated cabinet', 'Armoire simulée'], cabinetLead: ['Click a door to pull it open or push it shut; click inside to put or take a key.', 'Cliquez sur une porte pour la tirer ou la pousser ; cliquez à l’intérieur pour mettre ou prendre une clé.'], noCabinet: ['This kiosk has no simulated cabinet.', 'Ce kiosque n’a pas d’armoire simulée.'],
  doorOpen: ['open', 'ouverte'], doorShut: ['closed', 'fermée'], pull: ['Pull open', 'Tirer'], push: ['Push shut', 'Pousser'], pry: ['Pry open', 'Forcer'], putKey: ['Put a key in', 'Mettre une clé'], takeKey: ['Take “{item}”', 'Prendre « {item} »'], itemName: ['What to put in', 'Quoi mettre'], aKey: ['key', 'clé'],
  held: ['Box {n} is latched: the door does not move.', 'Le casier {n} est verrouillé : la porte ne bouge pas.'], doorSensor: ['Door sensor says', 'Le capteur de porte dit'], itemSensor: ['Item sensor says', 'Le capteur d’objet dit'], sensed_open: ['open', 'ouverte'], sensed_closed: ['closed', 'fermée'], sensed_present: ['something inside', 'quelque chose dedans'], sensed_absent: ['nothing inside', 'rien dedans'], sensed_unknown: ['nothing', 'rien'], pulses: ['Pulses so far', 'Impulsions'], content: ['Inside', 'Dedans'], empty: ['empty', 'vide'],
  faults: ['Faults', 'Pannes'], fault_jam: ['Lock jams', 'Serrure bloquée'], fault_stuck_open: ['Door sensor stuck at open', 'Capteur de porte figé : ouvert'], fault_stuck_closed: ['Door sensor stuck at closed', 'Capteur de porte figé : fermé'], fault_cut: ['Door sensor wire cut', 'Fil du capteur coupé'], fault_item_stuck_present: ['Item sensor stuck at present', 'Capteur d’objet figé : présent'], fault_item_stuck_absent: ['Item sensor stuck at absent', 'Capteur d’objet figé : absent'],
  boards: ['Lock boards', 'Cartes de commande'], board: ['Board {n}', 'Carte {n}'], dead: ['Dead', 'Muette'], slow: ['Slow', 'Lente'], unlocked: ['Box {n} unlocked', 'Casier {n} déverrouillé'],
  // Mailbox
  mailbox: ['Mailbox of the demo', 'Boîte aux lettres de la démo'], mailboxLead: ['Messages that a real system would have sent. They live in memory and are gone at a restart.', 'Messages qu’un vrai système aurait envoyés. Ils restent en mémoire et disparaissent au redémarrage.'], noMail: ['No messages yet.', 'Aucun message pour l’instant.'], to: ['To {to}', 'À {to}'],
  // Index
  index: ['Key locker', 'Casier à clés'], indexLead: ['The pages of this kiosk.', 'Les pages de ce kiosque.'], p_kiosk: ['Bottom screen', 'Écran du bas'], d_kiosk: ['where keys are dropped and picked up', 'où l’on dépose et retire les clés'], p_top: ['Top screen', 'Écran du haut'], d_top: ['what bystanders see', 'ce que voient les passants'],
  p_cabinet: ['Simulated cabinet', 'Armoire simulée'], d_cabinet: ['doors, keys, sensors and faults', 'portes, clés, capteurs et pannes'], p_mailbox: ['Mailbox', 'Boîte aux lettres'], d_mailbox: ['the codes that would have been sent', 'les codes qui auraient été envoyés'], p_office: ['Office', 'Bureau'], d_office: ['work orders, lockers and calls for help', 'ordres de travail, casiers et appels à l’aide'], p_tablet: ['Tablet', 'Tablette'], d_tablet: ['staff pick up a key', 'le personnel retire une clé'],
};

const LANGUAGES = ['en', 'fr'];
let language = remembered() ?? (navigator.language.startsWith('fr') ? 'fr' : 'en');

function remembered() {
  try {
    return LANGUAGES.find((name) => name === localStorage.getItem('language'));
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
  const text = STRINGS[key]?.[LANGUAGES.indexOf(language)] ?? key;
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
