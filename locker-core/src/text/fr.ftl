# Français de Belgique. Une chose à la fois ; ce qui s’est passé, quoi faire ; personne n’est en faute.
# Un texte qui nomme un bouton en reprend le libellé. Espaces insécables devant : ; ? et dans « ».

## Mots affichés tels quels

words = { $words }

## Au même endroit sur chaque écran

bar-help = Aide
bar-abort = Arrêter
back = Retour
ok = OK
next = Suivant

band-open = Le casier { $box } est ouvert. Merci de le fermer.
band-open-several = { $count } casiers sont ouverts. Merci de les fermer, d’abord le { $box }.

## Début

out-title = L’armoire n’est pas encore prête
out = Adressez-vous à la réception.
start-title = Que souhaitez-vous faire ?
start-why = Touchez ce qui vous amène.
start-drop = Déposer une clé
start-pick-up = Retirer une clé
start-full = Tous les casiers sont pris pour le moment. Vous pouvez toujours retirer une clé.
start-store-low = Le dépôt est impossible pour le moment. Vous pouvez toujours retirer une clé.
start-store-down = Aucun casier ne s’ouvre pour le moment. Les clés sont à l’abri. Touchez « { bar-help } ».
start-inactive = Cette armoire n’est pas en service pour le moment. Touchez « { bar-help } ».
start-reach = Vous pouvez nous joindre au { $telephone }
start-reach-help = Touchez « { bar-help } » pour joindre quelqu’un.

## Bienvenue

drop-welcome-title = Comment déposer une clé
drop-welcome-1 = Tapez votre code, plaque ou numéro de GSM.
drop-welcome-number = Tapez votre plaque, numéro de GSM ou code.
drop-welcome-2 = Vérifiez vos coordonnées.
drop-welcome-3 = Vérifiez votre rendez-vous.
drop-welcome-4 = Déposez la clé, fermez le casier et confirmez.
pick-welcome-title = Comment retirer une clé
pick-welcome-1 = Tapez votre code PIN ou scannez le QR (personnel).
pick-welcome-2 = Prenez la clé, fermez le casier et confirmez.
welcome-low-box = Un casier bas, svp
welcome-go = Commencer

## Étape 1 : comment commencer

drop-method-title = Comment souhaitez-vous commencer ?
drop-method = Si vous avez un code PIN, utilisez-le. Sinon, nous pouvons vous en envoyer un.
drop-method-numbers = Choisissez comment retrouver votre rendez-vous.
method-pin = Code PIN
method-registration = Numéro de plaque
method-phone = Numéro de GSM
method-qr = Code QR (personnel)
method-registration-off = Plaque : hors ligne
method-phone-off = GSM : hors ligne
method-qr-off = Code QR : hors ligne
method-no-link = Pas de connexion pour le moment. Un code PIN fonctionne.
method-no-staff = Pas de connexion pour le moment. Le personnel ne peut pas ouvrir par code QR.
method-clock = La recherche est impossible pour le moment. Un code PIN fonctionne.
method-misses = La recherche est en pause. Utilisez un code PIN ou touchez « { bar-help } ».
method-limited = Seul le personnel peut ouvrir un casier pour le moment. Touchez « { bar-help } ».
pick-method-title = Retirer une clé
pick-method = Tapez le code PIN de notre message. Personnel : scannez le code QR.

## Étape 1 : le code PIN

drop-pin-title = Tapez votre code PIN
drop-pin = Il se trouve dans notre message. Touchez ensuite « { ok } ».
drop-pin-short = Le code n’est pas encore complet. Tapez tous ses chiffres, puis touchez « { ok } ».
drop-pin-wrong = Ce code ne correspond pas. Vérifiez-le dans notre message et retapez-le.
drop-pin-replaced = Un code plus récent remplace celui-ci. Utilisez celui de notre dernier message.
drop-pin-used = Ce code a déjà servi. Touchez « { back } » pour en recevoir un nouveau.
drop-pin-expired = Ce code n’est plus valable. Touchez « { back } » pour en recevoir un nouveau.
pick-pin-used = Ce code a déjà été utilisé. Adressez-vous à notre équipe.
pick-pin-expired = Ce code n’est plus valable. Adressez-vous à notre équipe.
# Les minutes ne sont pas toujours connues.
drop-pin-locked = Un code seul ne suffit pas pour le moment. { $minutes ->
    [one] Réessayez dans { $minutes } minute.
    [other] Réessayez dans { $minutes } minutes.
   *[unknown] Réessayez dans quelques minutes.
}
drop-pin-plate-too = Pour continuer maintenant, tapez votre plaque et votre code PIN.
drop-pin-wrong-with-plate = Ce code et cette plaque ne vont pas ensemble. Vérifiez les deux et réessayez.
pin-show = Voir les chiffres

## Étape 1 : la recherche

drop-registration-title = Votre numéro de plaque
drop-registration-label = Plaque, par exemple 1-ABC-234
drop-phone-title = Votre numéro de GSM
drop-phone-label = Numéro de GSM
drop-lookup-empty = Rien n’est encore tapé. Tapez votre numéro, puis touchez « { ok } ».
drop-searching-title = Un instant, s’il vous plaît
drop-searching = Nous cherchons votre rendez-vous. Cela peut prendre une demi-minute.
drop-no-match-title = Nous ne pouvons pas encore continuer
drop-no-match = Vérifiez ce que vous avez tapé et réessayez. Ou touchez « { bar-help } » : nous sommes là.
drop-vehicle-title = De quel véhicule s’agit-il ?
drop-vehicle-choose = Touchez d’abord votre véhicule, puis « { ok } ».

## Étape 1 : l’envoi d’un code

drop-contact-title = Où pouvons-nous envoyer votre code ?
drop-contact = Choisissez où vous voulez le recevoir, puis touchez « { send } ».
drop-contact-one = Nous pouvons l’envoyer ici. Touchez « { send } ».
drop-contact-failed = Le code n’a pas pu partir. Réessayez, choisissez un autre contact ou touchez « { bar-help } ».
drop-contact-limit = Plus aucun code ne peut partir pour l’instant. Utilisez le dernier ou touchez « { bar-help } ».
contact-failed = N’a pas pu être joint
contact-mail-private = E-mail privé
contact-mail-business = E-mail professionnel
contact-sms-private = GSM privé
contact-sms-business = GSM professionnel
send = Envoyer
send-off = Envoi : hors ligne
send-no-link = Aucun code ne part pour le moment : la connexion manque. Touchez « { bar-help } ».
drop-sending-title = Un instant, s’il vous plaît
drop-sending = Nous envoyons votre code. Cela peut prendre une demi-minute.
drop-sent-title = Votre code est en route
drop-sent = { $minutes ->
    [one] Il reste valable { $minutes } minute.
   *[other] Il reste valable { $minutes } minutes.
}
drop-sent-back = Vous pouvez partir et revenir : touchez « { start-drop } », puis « { method-pin } ».
enter-code = Taper le code

## Étape 1 : le personnel

qr-title = Code QR pour le personnel
qr-scan = Scannez-le avec votre tablette.
qr-scan-or-type = Scannez-le avec votre tablette, ou tapez-y les 8 chiffres.
qr-closed = Le code QR s’est fermé. Touchez « { qr-new } » pour continuer.
qr-new = Nouveau code QR

## Étape 2 : le conducteur

drop-driver-title = Vos coordonnées sont-elles exactes ?
drop-driver = Merci de vérifier. Vous pouvez ajouter un numéro.
drop-add-phone-title = Ajouter un numéro
drop-add-phone-label = Numéro pour cette visite
drop-phone-wrong = Ce numéro ne semble pas complet. Vérifiez-le, puis touchez « { ok } ».
phone-add = Ajouter un numéro
phone-change = Modifier le numéro
phone-remove = Retirer le numéro
row-name = Nom
row-added-phone = Numéro ajouté

## Étape 3 : le rendez-vous

drop-appointments-title = Est-ce bien votre rendez-vous ?
drop-appointments = Merci de vérifier. Vous pouvez ajouter une remarque.
drop-remark-title = Votre remarque
drop-remark-label = Que devons-nous savoir ?
remark-add = Ajouter une remarque
remark-change = Modifier la remarque
appointments-right = C’est exact
row-vehicle = Véhicule
row-registration = Plaque
row-remark = Votre remarque
row-appointment = { $date }, { $time }

## Étape 4 : le casier

serve-title = Casier { $box }
serve-opening = Un instant, s’il vous plaît : le casier { $box } s’ouvre.
serve-put = Déposez la clé dans le casier { $box } et fermez la porte. Touchez ensuite « { serve-confirm } ».
serve-put-closed = La clé est-elle dans le casier { $box } ? Touchez alors « { serve-confirm } ».
serve-take = Prenez la clé du casier { $box } et fermez la porte. Touchez ensuite « { serve-confirm } ».
serve-take-closed = Avez-vous la clé du casier { $box } ? Touchez alors « { serve-confirm } ».
serve-take-left = Prenez ce que vous avez laissé dans le casier { $box } et fermez la porte. Touchez ensuite « { serve-confirm } ».
serve-look = Regardez dans le casier { $box } et fermez la porte. Touchez ensuite « { serve-confirm } ».
serve-look-closed = Avez-vous regardé dans le casier { $box } ? Touchez alors « { serve-confirm } ».
serve-leave = Vous pouvez emporter la clé ou la laisser dans le casier { $box }. Fermez ensuite la porte.
serve-again = La porte est encore fermée. Nous réessayons : essai { $attempt }.
serve-please-close = Le casier { $box } est encore ouvert. Merci de fermer la porte.
serve-please-confirm = Avez-vous terminé ? Touchez alors « { serve-confirm } ».
serve-close-first = Merci de fermer la porte du casier { $box }. La suite vient d’elle-même.
serve-is-it-shut = La porte du casier { $box } est-elle fermée ? Touchez alors « { serve-door-is-shut } ».
serve-not-seen = La clé n’est pas encore visible dans le casier { $box }. Rouvrez-le, ou confirmez si elle y est.
serve-still-seen = Une clé semble encore dans le casier { $box }. Rouvrez-le, ou confirmez si vous l’avez.
serve-did-not-open = Il ne s’est pas ouvert
serve-open-again = Rouvrir
serve-something-inside = Il n’est pas vide
serve-not-my-key = Ma clé n’y est pas
serve-door-is-shut = La porte est fermée
serve-confirm = Confirmer

## Le personnel avec un code à lui

pick-staff-code-wait = Les codes du personnel sont en pause après plusieurs essais. { $minutes ->
    [one] Réessayez dans { $minutes } minute.
   *[other] Réessayez dans { $minutes } minutes.
}
pick-staff-code-locked = Personnel : un code de 8 chiffres se passe de plaque.
staff-reason-title = Pourquoi ouvrez-vous un casier ?
staff-reason = Votre choix est noté à votre nom. Touchez ensuite « { ok } ».
staff-reason-key = Remettre ou reprendre une clé
staff-reason-look = Vérifier son contenu
staff-reason-repair = Réparer porte, serrure ou capteur
staff-reason-other = Une autre raison
staff-reason-choose = Choisissez d’abord une raison, puis touchez « { ok } ».
staff-box-title = Quel casier faut-il ouvrir ?
staff-box = Un seul casier s’ouvre, une fois. Touchez ensuite « { ok } ».
staff-box-number = Casier { $box }
staff-box-holds = Il contient une clé
staff-box-to-check = À vérifier
staff-box-choose = Choisissez d’abord un casier, puis touchez « { ok } ».

## Régler un casier

settle-title = Qu’y a-t-il dans le casier { $box } ?
settle-booked = Une clé est attendue dans ce casier. Dites-nous ce que vous y avez trouvé.
settle-not-booked = Aucune clé n’est attendue dans ce casier. Dites-nous ce que vous y avez trouvé.
settle-please = Choisissez ce que vous avez trouvé dans le casier.
settle-empty = Le casier est vide
settle-key-stays = La clé reste ici
settle-key-taken = Je prends la clé
settle-something-else = Autre chose

## Les derniers écrans

thanks-dropped-title = Merci, nous avons votre clé
thanks-dropped = Elle est à l’abri dans le casier { $box }. Vous pouvez y aller.
thanks-picked-up-title = Merci
thanks-picked-up = Vous avez la clé du casier { $box }.
thanks-handed-in-title = Merci
thanks-handed-in = La clé est dans le casier { $box }. Le client est prévenu.
thanks-collected-title = Merci et bonne route
thanks-collected = Vous avez la clé du casier { $box }. S’il y reste quelque chose, votre code l’ouvre encore trois minutes.
thanks-checked-title = Merci
thanks-checked = Votre réponse pour le casier { $box } est notée.
thanks-done = Terminé
sorry-title = Nous sommes désolés
sorry-full = Aucun casier n’est libre pour le moment. Gardez votre clé et contactez-nous.
sorry-limited = Aucun casier ne peut s’ouvrir pour cela pour le moment. Contactez-nous.
sorry-jammed = Le casier ne s’ouvre pas. Son contenu est à l’abri. Contactez-nous.
sorry-not-found = Nous avons noté que votre clé n’y était pas et demandons de l’aide à notre équipe.
sorry-reception = Adressez-vous à notre réception pour cette clé.

## Par-dessus l’écran

abort-title = Voulez-vous arrêter ?
abort-lose = Ce que vous avez tapé sera effacé.
abort-box-open = Vous pouvez prendre la clé ou la laisser dans le casier. Fermez alors la porte.
abort-yes = Oui, arrêter
abort-no = Non, continuer
still-title = Êtes-vous toujours là ?
still-lose = Si personne ne touche l’écran, ce que vous avez tapé sera effacé.
still-more = J’ai besoin de temps
help-title = Comment pouvons-nous vous aider ?
help-start = Touchez « { start-drop } » pour nous confier votre clé, « { start-pick-up } » pour en reprendre une.
help-welcome = Voici les étapes. Touchez « { welcome-go } » pour débuter. Vous pouvez arrêter à tout moment.
help-prove = Votre plaque ou votre GSM nous suffit pour trouver le rendez-vous du jour. Au besoin, nous vous envoyons un code.
help-pin = Le code PIN est dans le message que nous vous avons envoyé. Tapez-le et touchez « { ok } ».
help-pick-prove = Le code PIN est dans le message que nous vous avons envoyé. Le personnel utilise le code QR et sa tablette.
help-qr = Le code QR est pour notre personnel. Il le scanne avec sa tablette et le casier s’ouvre.
help-staff-code = Choisissez la raison et le casier, puis touchez « { ok } ». Votre choix est noté à votre nom.
help-driver = Vérifiez comment nous pouvons vous joindre. Vous pouvez ajouter un numéro pour cette visite.
help-appointments = Vérifiez le jour, l’heure et le travail. Vous pouvez nous laisser une remarque.
help-drop-serve = Déposez la clé dans le casier ouvert, fermez et touchez « { serve-confirm } ». S’il ne s’est pas ouvert, utilisez les boutons.
help-pick-serve = Suivez l’écran pour le casier qui s’est ouvert. Si quelque chose ne va pas, dites-le avec les boutons.
help-done = Tout est fait. Touchez « { thanks-done } » pour revenir au début.
help-telephone = Téléphone : { $telephone }
help-hours = Heures d’ouverture : { $hours }
help-calling = Nous prévenons notre équipe que vous avez besoin d’aide.
help-called = Notre équipe sait que vous avez besoin d’aide.
help-nobody = Notre équipe n’est pas joignable d’ici pour l’instant. Téléphonez-nous ou passez à la réception.
help-coming = Quelqu’un vient vous aider.
help-call = Demander de l’aide
help-call-off = Aide : hors ligne
help-close = Fermer l’aide

## L’écran du haut

top-start = Utilisez l’écran ci-dessous.
top-busy = Armoire occupée. Merci de patienter un instant.
top-box = En cours : casier { $box }
top-out = Cette armoire n’est pas en service pour le moment.

## Messages avec un code

mail-drop-pin-subject = Votre code pour déposer votre clé
mail-check-in-pin-subject = Votre code pour déposer votre clé
mail-pick-up-pin-subject = Votre code pour retirer votre clé
mail-pick-up-reminder-subject = Votre clé vous attend toujours
mail-pick-up-off-subject = Votre clé n’est plus dans l’armoire à clés
mail-hello = Bonjour,
mail-drop-pin = Vous avez demandé un code à l’armoire à clés. Le voici :
mail-check-in-pin = Merci pour votre enregistrement en ligne. Voici le code pour déposer votre clé :
mail-pick-up-pin = Votre clé vous attend dans notre armoire à clés. Ce code ouvre son casier, à toute heure :
mail-pick-up-reminder = Votre clé est toujours dans notre armoire à clés. Ce code remplace celui que nous vous avions envoyé :
mail-pick-up-off = Nous avons repris votre clé de l’armoire à clés et le code envoyé n’est plus valable. Nous vous contacterons.
mail-code = { $pin }
mail-valid-minutes = { $minutes ->
    [one] Le code reste valable { $minutes } minute. Ensuite, l’armoire peut vous en envoyer un nouveau.
   *[other] Le code reste valable { $minutes } minutes. Ensuite, l’armoire peut vous en envoyer un nouveau.
}
mail-valid-until = Le code reste valable jusqu’au { $date } au soir.
mail-appointment = Votre rendez-vous : { $date }, { $time }
mail-where = Armoire à clés : { $locker }
mail-where-at = Armoire à clés : { $locker }, { $location }
mail-how = À l’armoire, touchez « { start-drop } », « { welcome-go } » et « { method-pin } », puis tapez le code.
mail-how-pick-up = À l’armoire, touchez « { start-pick-up } », « { welcome-go } » et « { method-pin } », puis tapez le code.
mail-keep = Gardez ce code pour vous. Si vous ne l’avez pas demandé, vous pouvez ignorer ce message.
mail-keep-pick-up = Gardez ce code pour vous : il ouvre le casier de votre clé.
mail-telephone = Une question ? Appelez-nous : { $telephone }
mail-bye = À bientôt

# Un SMS a 160 caractères de l’alphabet GSM ; ce qui y tient est envoyé.
sms-pin = { $pin } est votre code pour déposer votre clé. Armoire : { $locker }.
sms-pick-up-pin = { $pin } est votre code pour retirer votre clé. Armoire : { $locker }.
sms-pick-up-off = Votre clé n’est plus dans l’armoire { $locker } et votre code n’est plus valable. Nous vous contacterons.
sms-valid-minutes = { $minutes ->
    [one] Valable { $minutes } minute.
   *[other] Valable { $minutes } minutes.
}
sms-valid-until = Valable jusqu’au { $date }.
sms-telephone = Questions : { $telephone }.
sms-where-at = Lieu : { $location }.

## Réponses aux programmes et aux tablettes : ce qui s’est passé, quoi faire

error-unknown = Cela n’a pas fonctionné. Réessayez ou demandez de l’aide.
error-locker-not-started = L’armoire démarre encore. Réessayez dans un instant.
error-locker-old-screen = L’écran a changé entre-temps. Regardez-le à nouveau.
error-locker-not-offered = Ce n’est pas possible à cette étape. Choisissez quelque chose à l’écran.
error-locker-too-long = Le texte est trop long. Merci de le raccourcir.
error-locker-not-text = Certains caractères ne peuvent pas être utilisés. Tapez le texte à nouveau.
error-locker-no-such-message = Ce message n’est plus en attente. Il n’y a rien à faire.
error-locker-no-such-visit = Aucune clé n’est attendue pour cette visite. Vérifiez le rendez-vous.
error-locker-not-reachable = Ce contact ne peut pas être joint. Choisissez-en un autre.
error-locker-too-many-codes = Aucun nouveau code n’est possible pour le moment. Réessayez plus tard.
error-locker-store-down = L’armoire ne peut rien enregistrer pour le moment : aucun casier ne s’ouvre. Appelez le service technique.
error-locker-too-many-messages = Assez de messages ont été envoyés pour le moment. Réessayez plus tard.
error-locker-wrong-code = Ce code ne correspond pas. Vérifiez-le et retapez-le.
error-locker-code-replaced = Un code plus récent remplace celui-ci. Utilisez le dernier.
error-locker-code-used = Ce code a déjà servi. Demandez-en un nouveau.
error-locker-code-expired = Ce code n’est plus valable. Demandez-en un nouveau.
error-locker-codes-locked = Les codes sont en pause à cette armoire pour quelques minutes. Réessayez plus tard ou demandez de l’aide.
error-locker-no-qr = L’armoire n’affiche pas de code QR. Touchez-y « { qr-new } », puis scannez-le.
error-locker-foreign-qr = Ce code QR n’est plus valable ou vient d’une autre armoire. Scannez-en un nouveau.
error-locker-wrong-digits = Ces chiffres ne correspondent pas. Vérifiez-les sur l’écran de l’armoire.
error-locker-typing-off = À cette armoire, les chiffres ne peuvent pas être tapés. Scannez le code QR.
error-locker-other-flow = L’armoire est à une autre tâche. Recommencez-y et choisissez la bonne.
error-locker-key-not-here = Cette clé n’est pas dans cette armoire. Vérifiez où elle se trouve.
error-locker-no-such-box = Cette armoire n’a pas ce casier. Vérifiez le numéro.
error-locker-key-in-box = Cette clé est déjà dans un casier, ou peut l’être. Vérifiez où elle se trouve.
error-locker-nobody-to-tell = Personne ne peut recevoir le code de cette clé. Choisissez un contact joignable.
error-locker-on-hold = Cette clé n’est pas remise pour le moment. Adressez-vous à la réception.
error-locker-full = Aucun casier n’est libre pour le moment. Gardez la clé.
error-office-not-started = Le bureau démarre encore. Réessayez dans un instant.
error-office-not-logged-in = Cette tablette n’est pas connectée. Connectez-vous et réessayez.
error-office-no-such-user = Cet utilisateur n’existe pas ici. Vérifiez le nom.
error-office-user-not-active = Cet utilisateur est désactivé. Un administrateur peut l’activer.
error-office-log-in-again = Le code de sécurité a changé. Reconnectez-vous, puis refaites votre demande.
error-office-no-security-code = Aucun code de sécurité n’est défini pour ce site. Un administrateur peut en définir un.
error-office-not-a-security-code = Un code de sécurité est un nombre de 1000 à 9999. Tapez-le à nouveau.
error-office-code-waits = Plusieurs codes ne correspondaient pas. Patientez un quart d’heure ou demandez à un administrateur.
error-office-code-locked = Les codes de sécurité sont bloqués pour vous après plusieurs essais. Un administrateur peut les débloquer.
error-office-no-such-visit = Cette visite n’existe pas ici. Cherchez-la à nouveau.
error-office-key-not-in-box = Cette clé n’est pas dans un casier là-bas. Vérifiez où elle se trouve.
error-office-key-in-box = Cette clé est déjà dans un casier, ou peut l’être. Vérifiez où elle se trouve.
error-office-not-reachable = Ce contact n’est pas joignable. Choisissez-en un autre.
error-office-no-such-locker = Cette armoire n’existe pas ici. Choisissez-en une autre.
error-office-which-locker = L’armoire voulue n’est pas claire. Choisissez-en une.
error-office-no-such-box = Cette armoire n’a pas ce casier. Vérifiez le numéro.
error-office-no-ticket = Cette tablette n’a pas d’autorisation en attente. Demandez-en une avec le code de sécurité.
error-office-typed-off = À cette armoire, les chiffres ne peuvent pas être tapés. Scannez le code QR.
error-office-help-closed = Cet appel à l’aide est clos. Il n’y a rien à faire.
error-office-keys-inside = Des clés sont encore dans cette armoire, à vérifier ou manquantes. Réglez-les d’abord.
error-office-inbound-only = Ici, l’armoire reçoit les clés des clients. Elle ne sert pas à les rendre.
error-office-key-not-back = La clé de cette visite n’est pas encore rendue. Réglez-le d’abord.
error-office-user-active = Cet utilisateur est encore actif. Désactivez-le d’abord.
error-office-right-not-for-role = Ce rôle ne peut pas avoir ce droit. Choisissez un autre rôle ou un autre droit.
error-office-login-taken = Ce nom de connexion est pris. Choisissez-en un autre.
error-office-last-dealer-admin = C’est le dernier administrateur. Nommez-en d’abord un autre.
error-office-out-of-range = Une valeur manque ou sort de ses limites. Vérifiez ce que vous avez tapé.
error-office-full = Il n’y a plus de place. Retirez ce qui ne sert plus.
error-office-no-remark = Il n’y a pas de remarque à montrer. Il n’y a rien à faire.
error-office-already-so = C’est déjà ainsi. Il n’y a rien à faire.
error-office-no-right = Vous n’avez pas encore ce droit. Demandez-le à un administrateur.
error-office-wrong-security-code = Ce code de sécurité ne correspond pas. Un administrateur peut vous le donner.
error-office-ticket-expired = Votre autorisation n’est plus valable. Demandez-en une nouvelle avec le code de sécurité.
error-office-ticket-used = Votre autorisation a déjà servi. Demandez-en une nouvelle avec le code de sécurité.
error-office-other-act = Votre autorisation est pour une autre tâche. Demandez-en une pour celle-ci.
error-office-other-locker = Votre autorisation est pour une autre armoire. Allez à cette autre armoire.
error-office-not-our-qr = Ce n’est pas le code QR d’une armoire à clés. Scannez celui de son écran.
error-office-key-gone = Cette clé n’est plus dans le casier. Vérifiez où elle se trouve.
error-office-too-many-scans = Cette autorisation a été essayée trop souvent. Demandez-en une nouvelle.
error-office-not-dealer-admin = Seul un administrateur peut le faire. Demandez à l’un d’eux.
error-office-no-ticket-to-drop = Cette tablette n’a pas d’autorisation à rendre. Il n’y a rien à faire.

# E-mails au site.
mail-office-help-subject = Une personne attend de l’aide à l’armoire à clés
mail-office-help = Un appel à l’aide à l’armoire à clés est resté sans réponse pendant trois minutes. Veuillez y aller ou téléphoner.
mail-office-code-locked-subject = Un code de sécurité est bloqué
mail-office-code-locked = Dix codes de sécurité erronés ont été saisis. L’utilisateur et la tablette sont bloqués jusqu’à ce qu’un administrateur les débloque.
mail-office-missing-subject = Une clé manque
mail-office-missing = Le casier { $box } a été trouvé vide alors qu’une clé y était enregistrée. Veuillez rechercher cette clé.
mail-office-uncollected-subject = Une clé n’a pas été retirée
mail-office-uncollected = La clé du casier { $box } attend son client depuis 30 jours et son code a expiré. Veuillez joindre ce client.

error-office-wrong-log-in = Le nom ou le mot de passe ne correspond pas. Veuillez réessayer.
error-office-log-in-waits = Trop de mots de passe ne correspondaient pas. Veuillez patienter un moment, puis réessayer.
error-locker-unknown-box = Cette armoire n’a pas de casier à ce numéro. Choisissez-en un autre.
error-locker-no-reason = La maintenance demande un motif. Veuillez dire en quelques mots ce qui est fait.
error-locker-no-link = Pas de connexion pour le moment. L’envoi suivra dès qu’elle sera rétablie.

# Le clavier numérique : ce qui est entendu.
keys-progress = Étape { $step } sur { $of }.
keys-private = Vos données sont à l’écran. Avec un casque, vous pouvez les entendre.
keys-typed = Étoile. { $typed ->
    [one] { $typed } chiffre saisi.
   *[other] { $typed } chiffres saisis.
}
keys-entered = { $count ->
    [one] { $count } caractère saisi.
   *[other] { $count } caractères saisis.
}
keys-qr = Un code QR pour le personnel est à l’écran. Ses chiffres :
keys-box = Casier { $box }.
keys-type-digits = Saisissez avec les touches de chiffres.
keys-type-letters = Touches de chiffres : d’abord la rangée, puis la lettre. Rangée 2 : A, B, C. Rangée 3 : D, E, F. Comme sur un téléphone.
keys-more-by-repeat = Pour d’autres choix, appuyez sur Répéter.
keys-back-by-repeat = Pour reprendre la saisie, appuyez sur Répéter.
keys-digit = { $digit } : { $what }
keys-confirm = Touche Confirmer : { $what }
keys-erase = Effacer le dernier signe
keys-other-field = Aller à l’autre champ
keys-more = Autres choix
keys-space = Espace
keys-hyphen = Trait d’union
