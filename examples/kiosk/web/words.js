// The few words that belong to the kiosk's frontend itself; everything else comes in the screen.

const WORDS = {
  en: {
    step: 'Step {n} of {of}', page: 'Page {n} of {of}', previous: 'Previous', next: 'Next',
    erase: 'Erase', ok: 'OK', space: 'Space', shift: 'Capital letters', symbols: 'Signs', box: 'Box', seconds: '{n} s',
    left: '{n} seconds left', lost: 'The connection is lost. Please wait: what you typed is kept.', typed: '{n} of at most {max} digits typed',
    map: 'Map of the boxes.', mapHere: 'Map of the boxes. Your box is number {n}.', mapOpen: 'Map of the boxes. Open: {n}.',
    language: 'Language', help: 'Help and stop', star: 'star', erased: 'erased', chars: '{n} of {max} characters',
    code: 'Code', loading: 'One moment, please', qr: 'QR code for staff',
  },
  fr: {
    step: 'Étape {n} sur {of}', page: 'Page {n} sur {of}', previous: 'Précédent', next: 'Suivant',
    erase: 'Effacer', ok: 'OK', space: 'Espace', shift: 'Majuscules', symbols: 'Signes', box: 'Casier', seconds: '{n} s',
    left: 'encore {n} secondes', lost: 'La connexion est perdue. Patientez : votre saisie est conservée.', typed: '{n} chiffres saisis sur {max} au plus',
    map: 'Plan des casiers.', mapHere: 'Plan des casiers. Votre casier est le numéro {n}.', mapOpen: 'Plan des casiers. Ouverts : {n}.',
    language: 'Langue', help: 'Aide et arrêt', star: 'étoile', erased: 'effacé', chars: '{n} caractères sur {max}',
    code: 'Code', loading: 'Un instant', qr: 'Code QR pour le personnel',
  },
  nl: {
    step: 'Stap {n} van {of}', page: 'Pagina {n} van {of}', previous: 'Vorige', next: 'Volgende',
    erase: 'Wissen', ok: 'OK', space: 'Spatie', shift: 'Hoofdletters', symbols: 'Tekens', box: 'Vak', seconds: '{n} s',
    left: 'nog {n} seconden', lost: 'De verbinding is weg. Even geduld: wat u typte blijft bewaard.', typed: '{n} van hoogstens {max} cijfers getypt',
    map: 'Plan van de vakken.', mapHere: 'Plan van de vakken. Uw vak is nummer {n}.', mapOpen: 'Plan van de vakken. Open: {n}.',
    language: 'Taal', help: 'Hulp en stoppen', star: 'ster', erased: 'gewist', chars: '{n} van {max} tekens',
    code: 'Code', loading: 'Een ogenblik', qr: 'QR-code voor medewerkers',
  },
  de: {
    step: 'Schritt {n} von {of}', page: 'Seite {n} von {of}', previous: 'Zurück', next: 'Weiter',
    erase: 'Löschen', ok: 'OK', space: 'Leerzeichen', shift: 'Großbuchstaben', symbols: 'Zeichen', box: 'Fach', seconds: '{n} s',
    left: 'noch {n} Sekunden', lost: 'Keine Verbindung. Bitte warten: Ihre Eingabe bleibt erhalten.', typed: '{n} von höchstens {max} Ziffern eingegeben',
    map: 'Plan der Fächer.', mapHere: 'Plan der Fächer. Ihr Fach hat die Nummer {n}.', mapOpen: 'Plan der Fächer. Offen: {n}.',
    language: 'Sprache', help: 'Hilfe und Abbruch', star: 'Stern', erased: 'gelöscht', chars: '{n} von {max} Zeichen',
    code: 'Code', loading: 'Einen Moment', qr: 'QR-Code für das Personal',
  },
};

/** A word in a language, with `{name}` filled in. */
export function word(locale, key, values = {}) {
  const text = (WORDS[locale] ?? WORDS.en)[key] ?? WORDS.en[key];
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
