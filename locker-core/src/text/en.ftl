# English. One thing at a time; what happened, what to do; nobody is blamed.
# A text that names a button takes the button's own label, so that the two never differ.

## Words that are shown as they are

words = { $words }

## The same place on every screen

bar-help = Help
bar-abort = Stop
back = Back
ok = OK
next = Next

band-open = Box { $box } is open. Please close it.
band-open-several = { $count } boxes are open. Please close them, box { $box } first.

## Start

out-title = This locker is not ready yet
out = Please ask at the reception.
start-title = What would you like to do?
start-why = Please touch what you came for.
start-drop = Drop a key
start-pick-up = Pick up a key
start-full = All boxes are taken at the moment. You can still pick up a key.
start-store-low = No key can be dropped here at the moment. You can still pick up a key.
start-store-down = No box can be opened at the moment. Keys inside are safe. Please touch “{ bar-help }”.
start-inactive = This locker is not in use at the moment. Please touch “{ bar-help }”.
start-reach = You can reach us by phone: { $telephone }
start-reach-help = Touch “{ bar-help }” to reach a person.

## Welcome

drop-welcome-title = How to drop a key
drop-welcome-1 = Type your code, registration or phone number.
drop-welcome-number = Type your registration, phone number or code.
drop-welcome-2 = Check your contact details.
drop-welcome-3 = Check your appointment.
drop-welcome-4 = Put the key in the box, close it and confirm.
pick-welcome-title = How to pick up a key
pick-welcome-1 = Type your PIN code, or scan the QR code (staff).
pick-welcome-2 = Take the key, close the box and confirm.
welcome-low-box = I need a low box
welcome-go = Go

## Step 1: how to begin

drop-method-title = How would you like to begin?
drop-method = If you have a PIN code, use it. If not, we can send you one.
drop-method-numbers = Choose how we may find your appointment.
method-pin = PIN code
method-registration = Registration number
method-phone = Phone number
method-qr = QR code (staff only)
method-registration-off = Registration: offline
method-phone-off = Phone: offline
method-qr-off = QR code: offline
method-no-link = There is no connection at the moment. A PIN code works.
method-no-staff = There is no connection at the moment. Staff cannot open a box by QR code.
method-clock = Appointments cannot be looked up at the moment. A PIN code works.
method-misses = Look-ups are paused for now. Please use a PIN code or touch “{ bar-help }”.
method-limited = Only staff can open a box at the moment. Please touch “{ bar-help }”.
pick-method-title = Pick up a key
pick-method = Type the PIN code from our message. Staff: please scan the QR code.

## Step 1: the PIN

drop-pin-title = Type your PIN code
drop-pin = You find it in our message. Then touch “{ ok }”.
drop-pin-short = The code is not complete yet. Please type all its digits, then touch “{ ok }”.
drop-pin-wrong = This code does not match. Please check it in our message and type it again.
drop-pin-replaced = A newer code has replaced this one. Please use the one in our last message.
drop-pin-used = This code has already been used. Touch “{ back }” to get a new one.
drop-pin-expired = This code is no longer valid. Touch “{ back }” to get a new one.
pick-pin-used = This code has already been used. Please ask our team.
pick-pin-expired = This code is no longer valid. Please ask our team.
# The minutes are not always known.
drop-pin-locked = A code alone is not enough for now. { $minutes ->
    [one] Try again in 1 minute.
    [other] Try again in { $minutes } minutes.
   *[unknown] Try again in a few minutes.
}
drop-pin-plate-too = To go on now, type your registration number and your PIN code.
drop-pin-wrong-with-plate = This code and registration do not go together. Please check both and try again.
pin-show = Show the digits

## Step 1: look-up

drop-registration-title = Your registration number
drop-registration-label = Registration, such as 1-ABC-234
drop-phone-title = Your mobile number
drop-phone-label = Mobile number
drop-lookup-empty = Nothing is typed yet. Please type your number, then touch “{ ok }”.
drop-searching-title = One moment, please
drop-searching = We are looking for your appointment. It can take half a minute.
drop-no-match-title = We cannot go on with this yet
drop-no-match = Please check what you typed and try again. Or touch “{ bar-help }”: we gladly assist you.
drop-vehicle-title = Which vehicle is it?
drop-vehicle-choose = Please touch your vehicle first, then “{ ok }”.

## Step 1: sending a code

drop-contact-title = Where may we send your code?
drop-contact = Choose where you want to receive it, then touch “{ send }”.
drop-contact-one = We can send it here. Please touch “{ send }”.
drop-contact-failed = The code could not be sent there. Try again, choose another contact, or touch “{ bar-help }”.
drop-contact-limit = No more codes can be sent for now. Please use the last one, or touch “{ bar-help }”.
contact-failed = Could not be reached
contact-mail-private = Private e-mail
contact-mail-business = Business e-mail
contact-sms-private = Private mobile
contact-sms-business = Business mobile
send = Send
send-off = Send: offline
send-no-link = A code cannot be sent at the moment: there is no connection. Please touch “{ bar-help }”.
drop-sending-title = One moment, please
drop-sending = We are sending your code. It can take half a minute.
drop-sent-title = Your code is on its way
drop-sent = { $minutes ->
    [one] It stays valid for 1 minute.
   *[other] It stays valid for { $minutes } minutes.
}
drop-sent-back = You may leave and come back: touch “{ start-drop }”, then “{ method-pin }”.
enter-code = Type the code

## Step 1: staff

qr-title = QR code for staff
qr-scan = Please scan it with your tablet.
qr-scan-or-type = Please scan it with your tablet, or type the 8 digits there.
qr-closed = The QR code has closed. Touch “{ qr-new }” to continue.
qr-new = New QR code

## Step 2: the driver

drop-driver-title = Are your details right?
drop-driver = Please check them. You can add a phone number.
drop-add-phone-title = Add a phone number
drop-add-phone-label = Phone number for this visit
drop-phone-wrong = This phone number does not seem complete. Please check it, then touch “{ ok }”.
phone-add = Add a phone number
phone-change = Change the number
phone-remove = Remove the number
row-name = Name
row-added-phone = Added phone number

## Step 3: the appointment

drop-appointments-title = Is this your appointment?
drop-appointments = Please check it. You can add a remark.
drop-remark-title = Your remark
drop-remark-label = What should we know?
remark-add = Add a remark
remark-change = Change the remark
appointments-right = That is right
row-vehicle = Vehicle
row-registration = Registration
row-remark = Your remark
row-appointment = { $date }, { $time }

## Step 4: the box

serve-title = Box { $box }
serve-opening = One moment, please: box { $box } is opening.
serve-put = Put the key in box { $box } and close the door. Then touch “{ serve-confirm }”.
serve-put-closed = Is the key in box { $box }? Then touch “{ serve-confirm }”.
serve-take = Take the key from box { $box } and close the door. Then touch “{ serve-confirm }”.
serve-take-closed = Do you have the key from box { $box }? Then touch “{ serve-confirm }”.
serve-take-left = Take what you left in box { $box } and close the door. Then touch “{ serve-confirm }”.
serve-look = Look into box { $box } and close the door. Then touch “{ serve-confirm }”.
serve-look-closed = Have you looked into box { $box }? Then touch “{ serve-confirm }”.
serve-leave = You may take the key with you or leave it in box { $box }. Then close the door.
serve-again = The door is still closed. We are trying again: attempt { $attempt }.
serve-please-close = Box { $box } is still open. Please close the door.
serve-please-confirm = All done? Then please touch “{ serve-confirm }”.
serve-close-first = Please close the door of box { $box }. We then go on by ourselves.
serve-is-it-shut = Is the door of box { $box } shut? Then touch “{ serve-door-is-shut }”.
serve-not-seen = We do not see the key in box { $box } yet. Open it again, or touch “{ serve-confirm }” if it is in.
serve-still-seen = A key still seems to be in box { $box }. Open it again, or touch “{ serve-confirm }” if you have it.
serve-did-not-open = It did not open
serve-open-again = Open again
serve-something-inside = Something is inside
serve-not-my-key = My key is not in it
serve-door-is-shut = The door is shut
serve-confirm = Confirm

## Staff with a code of their own

pick-staff-code-wait = Staff codes are paused after several wrong tries. { $minutes ->
    [one] Try again in 1 minute.
   *[other] Try again in { $minutes } minutes.
}
pick-staff-code-locked = Staff: a code of 8 digits needs no registration number.
staff-reason-title = Why do you open a box?
staff-reason = Your choice is noted with your name. Then touch “{ ok }”.
staff-reason-key = To hand out or take in a key
staff-reason-look = To look what is in it
staff-reason-repair = To repair door, lock or sensor
staff-reason-other = Another reason
staff-reason-choose = Please choose a reason first, then touch “{ ok }”.
staff-box-title = Which box shall open?
staff-box = One box opens, once. Then touch “{ ok }”.
staff-box-number = Box { $box }
staff-box-holds = A key is in it
staff-box-to-check = To be checked
staff-box-choose = Please choose a box first, then touch “{ ok }”.

## Settling a box

settle-title = What is in box { $box }?
settle-booked = A key is booked in this box. Please say what you found.
settle-not-booked = No key is booked in this box. Please say what you found.
settle-please = Please choose what you found in the box.
settle-empty = The box is empty
settle-key-stays = The key stays here
settle-key-taken = I take the key
settle-something-else = Something else

## The last screens

thanks-dropped-title = Thank you, we have your key
thanks-dropped = It is safe in box { $box }. You can go now.
thanks-picked-up-title = Thank you
thanks-picked-up = You have the key from box { $box }.
thanks-handed-in-title = Thank you
thanks-handed-in = The key is in box { $box }. The customer is being told.
thanks-collected-title = Thank you, have a good trip
thanks-collected = You have the key from box { $box }. If you left something in it, your code opens it for three more minutes.
thanks-checked-title = Thank you
thanks-checked = Your answer for box { $box } is noted.
thanks-done = Done
sorry-title = We are sorry
sorry-full = No box is free at the moment. Please keep your key and contact us.
sorry-limited = No box can be opened for this at the moment. Please contact us.
sorry-jammed = The box does not open. What is in it is safe. Please contact us.
sorry-not-found = We have noted that your key was not there and are asking our team for help.
sorry-reception = Please see our reception about this key.

## Overlays

abort-title = Do you want to stop?
abort-lose = What you typed will be cleared.
abort-box-open = You may take the key or leave it in the box. Please close the door then.
abort-yes = Yes, stop
abort-no = No, go on
still-title = Are you still there?
still-lose = If nobody touches the screen, what you typed will be cleared.
still-more = I need more time
help-title = How can we help?
help-start = Touch “{ start-drop }” to leave your key with us. Touch “{ start-pick-up }” to take one out.
help-welcome = These are the steps. Touch “{ welcome-go }” to begin. You can stop at any moment.
help-prove = With your registration or phone number we find today’s appointment. If needed, we send you a code.
help-pin = The PIN code is in the message we sent you. Type it and touch “{ ok }”.
help-pick-prove = The PIN code is in the message we sent you. Staff use the QR code and their tablet.
help-qr = The QR code is for our staff. They scan it with their tablet, and the box opens.
help-staff-code = Choose the reason and the box, then touch “{ ok }”. What you choose is noted with your name.
help-driver = Check how we can reach you. You can add a phone number for this visit.
help-appointments = Check the day, the time and the work. You can leave us a remark.
help-drop-serve = Put the key in the open box, close the door and touch “{ serve-confirm }”. If it did not open, tell us with the buttons.
help-pick-serve = Do what the screen asks with the box that opened. If something is not right, tell us with the buttons.
help-done = You are done here. Touch “{ thanks-done }” to return to the start.
help-telephone = Phone: { $telephone }
help-hours = Opening hours: { $hours }
help-calling = We are telling our team that you need help.
help-called = Our team knows that you need help.
help-nobody = We cannot reach our team from here right now. Please phone us or come to reception.
help-coming = Somebody is coming to help you.
help-call = Call for help
help-call-off = Help: offline
help-close = Close help

## The top screen

top-start = Please use the screen below.
top-busy = In use. Please wait a moment.
top-box = In use: box { $box }
top-out = This locker is not in use at the moment.

## Messages with a code

mail-drop-pin-subject = Your code to drop your key
mail-check-in-pin-subject = Your code to drop your key
mail-pick-up-pin-subject = Your code to pick up your key
mail-pick-up-reminder-subject = Your key is still waiting for you
mail-pick-up-off-subject = Your key is no longer in the key locker
mail-hello = Hello,
mail-drop-pin = You asked for a code at the key locker. Here it is:
mail-check-in-pin = Thank you for checking in online. This is the code to drop your key:
mail-pick-up-pin = Your key is ready in our key locker. This code opens its box, at any time of day:
mail-pick-up-reminder = Your key is still in our key locker. This code replaces the one we sent before:
mail-pick-up-off = We have taken your key out of the key locker again, and the code we sent no longer works. We will be in touch.
mail-code = { $pin }
mail-valid-minutes = { $minutes ->
    [one] The code stays valid for 1 minute. After that, the locker can send you a new one.
   *[other] The code stays valid for { $minutes } minutes. After that, the locker can send you a new one.
}
mail-valid-until = The code stays valid until the evening of { $date }.
mail-appointment = Your appointment: { $date }, { $time }
mail-where = Key locker: { $locker }
mail-where-at = Key locker: { $locker }, { $location }
mail-how = At the locker, touch “{ start-drop }”, “{ welcome-go }” and “{ method-pin }”, then type the code.
mail-how-pick-up = At the locker, touch “{ start-pick-up }”, “{ welcome-go }” and “{ method-pin }”, then type the code.
mail-keep = Please keep this code to yourself. If you did not ask for it, you can ignore this message.
mail-keep-pick-up = Please keep this code to yourself: it opens the box with your key.
mail-telephone = Do you have a question? Call us: { $telephone }
mail-bye = See you soon

# Text messages have 160 characters of the GSM alphabet; the parts that fit are sent.
sms-pin = { $pin } is your code to drop your key. Locker: { $locker }.
sms-pick-up-pin = { $pin } is your code to pick up your key. Locker: { $locker }.
sms-pick-up-off = Your key is no longer in the key locker { $locker } and your code no longer works. We will be in touch.
sms-valid-minutes = { $minutes ->
    [one] Valid for 1 minute.
   *[other] Valid for { $minutes } minutes.
}
sms-valid-until = Valid until { $date }.
sms-telephone = Questions: { $telephone }.
sms-where-at = Place: { $location }.

## Answers to programs and tablets: what happened, what to do

error-unknown = That did not work. Please try again, or ask for help.
error-locker-not-started = The locker is still starting. Please try again in a moment.
error-locker-old-screen = The screen has changed since. Please look at it again.
error-locker-not-offered = That is not possible at this step. Please choose something on the screen.
error-locker-too-long = The text is too long. Please shorten it.
error-locker-not-text = The text has characters that cannot be used. Please type it again.
error-locker-no-such-message = This message is no longer waiting. Nothing needs to be done.
error-locker-no-such-visit = No key is expected for this visit. Please check the appointment.
error-locker-not-reachable = This contact cannot be reached. Please choose another one.
error-locker-too-many-codes = No new code can be made at the moment. Please try again later.
error-locker-store-down = The locker cannot record anything at the moment, so no box opens. Please call for service.
error-locker-too-many-messages = Enough messages were sent for now. Please try again later.
error-locker-wrong-code = This code does not match. Please check it and type it again.
error-locker-code-replaced = A newer code has replaced this one. Please use the last one.
error-locker-code-used = This code has already been used. Please ask for a new one.
error-locker-code-expired = This code is no longer valid. Please ask for a new one.
error-locker-codes-locked = Codes are paused at this locker for some minutes. Please try again later or ask for help.
error-locker-no-qr = The locker shows no QR code now. Touch “{ qr-new }” there, then scan it.
error-locker-foreign-qr = This QR code is no longer valid, or belongs to another locker. Please scan a new one.
error-locker-wrong-digits = These digits do not match. Please check them on the screen of the locker.
error-locker-typing-off = At this locker the digits cannot be typed. Please scan the QR code.
error-locker-other-flow = The locker is at another task. Please start again there and choose the right one.
error-locker-key-not-here = This key is not in this locker. Please check where it is.
error-locker-no-such-box = This locker has no such box. Please check its number.
error-locker-key-in-box = This key is in a box already, or may be. Please check where it is.
error-locker-nobody-to-tell = Nobody can be told the code for this key. Please choose a contact that can be reached.
error-locker-on-hold = This key is not handed out now. Please see the reception.
error-locker-full = No box is free at the moment. Please keep the key.
error-office-not-started = The office is still starting. Please try again in a moment.
error-office-not-logged-in = This tablet is not logged in. Please log in and try again.
error-office-no-such-user = This user does not exist here. Please check the name.
error-office-user-not-active = This user is switched off. A dealer admin can switch it on.
error-office-log-in-again = The security code has changed. Please log in again, then ask once more.
error-office-no-security-code = No security code is set for this location. A dealer admin can set one.
error-office-not-a-security-code = A security code is a number from 1000 to 9999. Please type it again.
error-office-code-waits = Several codes did not match. Please wait a quarter of an hour, or ask a dealer admin for help.
error-office-code-locked = Security codes are locked for you after several tries. A dealer admin can unlock them.
error-office-no-such-visit = This visit does not exist here. Please look it up again.
error-office-key-not-in-box = This key is not in a box there. Please check where it is.
error-office-key-in-box = This key is in a box already, or may be. Please check where it is.
error-office-not-reachable = This contact cannot be reached. Please choose another one.
error-office-no-such-locker = This locker does not exist here. Please choose another one.
error-office-which-locker = It is not clear which locker you mean. Please choose one.
error-office-no-such-box = This locker has no such box. Please check its number.
error-office-no-ticket = This tablet has no permission waiting. Please ask for one with the security code.
error-office-typed-off = At this locker the digits cannot be typed. Please scan the QR code.
error-office-help-closed = This call for help is closed. Nothing needs to be done.
error-office-keys-inside = Keys are still in this locker, to be checked or missing there. Please settle them first.
error-office-inbound-only = This location takes keys from customers only. It does not give them back at the locker.
error-office-key-not-back = The key of this visit is not back yet. Please settle it first.
error-office-user-active = This user is still active. Please make the user inactive first.
error-office-right-not-for-role = This role cannot have that right. Please choose another role or right.
error-office-login-taken = This login name is taken. Please choose another one.
error-office-last-dealer-admin = This is the last dealer admin. Please name another one first.
error-office-out-of-range = A value is missing or out of its range. Please check what you typed.
error-office-full = There is no room for one more. Please remove what is no longer needed.
error-office-no-remark = There is no remark to show. Nothing needs to be done.
error-office-already-so = It is so already. Nothing needs to be done.
error-office-no-right = You do not have the right for this yet. Please ask a dealer admin.
error-office-wrong-security-code = This security code does not match. A dealer admin can tell it to you.
error-office-ticket-expired = Your permission has run out. Please ask for a new one with the security code.
error-office-ticket-used = Your permission has been used. Please ask for a new one with the security code.
error-office-other-act = Your permission is for another task. Please ask for one for this task.
error-office-other-locker = Your permission is for another locker. Please go to that one.
error-office-not-our-qr = This is not the QR code of a key locker. Please scan the one on its screen.
error-office-key-gone = This key is no longer in the box. Please check where it is now.
error-office-too-many-scans = This permission was tried too often. Please ask for a new one.
error-office-not-dealer-admin = Only a dealer admin may do this. Please ask one of them.
error-office-no-ticket-to-drop = This tablet holds no permission to give back. Nothing needs to be done.

# Mails to the location.
mail-office-help-subject = Somebody at the key locker is waiting for help
mail-office-help = A call for help at the key locker has not been handled for three minutes. Please go there or call.
mail-office-code-locked-subject = A security code is locked
mail-office-code-locked = Ten wrong security codes were typed. The user and the tablet are locked until a dealer admin lifts it.
mail-office-missing-subject = A key is missing
mail-office-missing = Box { $box } was found empty although a key was booked in it. Please find out where the key is.
mail-office-uncollected-subject = Nobody has collected a key
mail-office-uncollected = The key in box { $box } has waited for its customer for 30 days and its code has expired. Please reach the customer.

error-office-wrong-log-in = The name or the password does not match. Please try again.
error-office-log-in-waits = Too many passwords did not match. Please wait a while and then try again.
error-locker-unknown-box = This locker has no box with that number. Please choose another one.
error-locker-no-reason = Maintenance needs a reason. Please say in a few words what is done.
error-locker-no-link = There is no connection at the moment. It is sent as soon as there is one.

# The numeric keypad: what is heard.
keys-progress = Step { $step } of { $of }.
keys-private = Your data is on the screen. With headphones you can hear it.
keys-typed = Star. { $typed ->
    [one] { $typed } digit typed.
   *[other] { $typed } digits typed.
}
keys-entered = { $count ->
    [one] { $count } character typed.
   *[other] { $count } characters typed.
}
keys-qr = A QR code for staff is on the screen. Its digits:
keys-box = Box { $box }.
keys-type-digits = Type with the digit keys.
keys-type-letters = Digit keys: first the row, then the letter. Row 2: A, B, C. Row 3: D, E, F. As on a telephone.
keys-more-by-repeat = For other choices, press Repeat.
keys-back-by-repeat = To type again, press Repeat.
keys-digit = { $digit }: { $what }
keys-confirm = Confirm key: { $what }
keys-erase = Erase the last sign
keys-other-field = Go to the other field
keys-more = Other choices
keys-space = Space
keys-hyphen = Hyphen
