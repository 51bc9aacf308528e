"""A mail server (aiosmtpd) that does what it is told on standard input, and says what it sees as lines of JSON."""

import argparse
import asyncio
import email
import email.policy
import json
import ssl
import sys
import threading

from aiosmtpd.smtp import SMTP, AuthResult

options = argparse.ArgumentParser()
options.add_argument("--port", type=int, required=True)
options.add_argument("--tls", choices=["starttls", "tls", "none"], default="none")
options.add_argument("--certificate")
options.add_argument("--key")
options.add_argument("--user")
options.add_argument("--password")
options = options.parse_args()

# accept: takes everything. lose: says so, and throws it away. cut: takes it, and breaks the connection in place of an
# answer. hang: never answers. later: asks to come back. refuse: wants none of it. greet: wants nobody in.
mode = "accept"


def say(event, **what):
    print(json.dumps({"event": event, **what}), flush=True)


def listen_to_orders():
    global mode
    for line in sys.stdin:
        mode = line.strip()
        say("mode", mode=mode)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        say("rcpt", to=address)
        if address.startswith("unknown@"):
            return f"550 5.1.1 <{address}>: no such mailbox"
        if mode == "later":
            return f"451 4.7.1 <{address}>: come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        seen = {
            "to": envelope.rcpt_tos,
            "from": envelope.mail_from,
            "id": mail["message-id"],
            "subject": mail["subject"],
            "auto": mail["auto-submitted"],
            "body": mail.get_content(),
            "sealed": session.ssl is not None or options.tls == "tls",
            "user": session.auth_data.login.decode() if session.authenticated else None,
        }
        if mode == "refuse":
            return "554 5.7.1 not here"
        if mode == "hang":
            say("hangs", **seen)
            await asyncio.sleep(3600)
        if mode == "lose":
            say("lost", **seen)
            return "250 OK"
        say("mail", **seen)
        if mode == "cut":
            server.transport.abort()
        return "250 OK"


def let_in(server, session, envelope, mechanism, data):
    right = data.login.decode() == options.user and data.password.decode() == options.password
    say("log_in", right=right)
    # Python's own way to say no is 535, which is about the log-in and not about a message.
    return AuthResult(success=right, handled=False, auth_data=data)


async def serve():
    context = None
    if options.tls != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.certificate, options.key)

    def protocol():
        starttls = options.tls == "starttls"
        return SMTP(
            Handler(),
            hostname="localhost",
            enable_SMTPUTF8=True,
            tls_context=context if starttls else None,
            require_starttls=starttls,
            authenticator=let_in if options.user else None,
            auth_required=bool(options.user),
            auth_require_tls=starttls,
        )

    at_once = context if options.tls == "tls" else None
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", options.port, ssl=at_once)
    threading.Thread(target=listen_to_orders, daemon=True).start()
    say("listens")
    await server.serve_forever()


asyncio.run(serve())
