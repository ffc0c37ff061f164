"""smtp_server.py FOLDER MODE [CERT KEY]: a mail server on loopback, by aiosmtpd, that behaves as MODE says. Prints its port. Every byte it
is sent stands in FOLDER/bytes, each mail it takes in FOLDER/N.eml; MODE is read anew for each connection from FOLDER/mode where that is there.

  take      takes everything (with CERT: only after STARTTLS and a sign-in)
  bare      knows no STARTTLS
  refuse    550 to recipients that begin with `refused`, 451 to those that begin with `later`
  cut       breaks the connection in the middle of DATA
  slow      does not answer for a long time
  reject    554 after DATA
"""
import asyncio, os, ssl, sys

from aiosmtpd.smtp import SMTP, AuthResult, syntax

folder, mode = sys.argv[1], sys.argv[2]
certificate = sys.argv[3:5]
taken = 0


def mode_now():
    try:
        return open(f"{folder}/mode").read().strip()
    except FileNotFoundError:
        return mode


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if mode_now() == "refuse" and address.startswith("refused"):
            return f"550 5.1.1 no such mailbox {address}"
        if mode_now() == "refuse" and address.startswith("later"):
            return f"451 4.2.1 {address} is full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        global taken
        if mode_now() == "reject":
            return "554 5.7.1 not here"
        taken += 1
        with open(f"{folder}/{taken}.part", "wb") as f:
            f.write(f"envelope {envelope.mail_from} {' '.join(envelope.rcpt_tos)}\n".encode() + envelope.content)
        os.rename(f"{folder}/{taken}.part", f"{folder}/{taken}.eml")
        return "250 OK"


class Server(SMTP):
    def data_received(self, data):
        with open(f"{folder}/bytes", "ab") as f:
            f.write(data)
        super().data_received(data)

    @syntax("DATA")
    async def smtp_DATA(self, arg):
        if mode_now() == "slow":
            await asyncio.sleep(30)
        if mode_now() == "cut":
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


def sign_in(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"tsunagu" and data.password == b"secret of the mail server")


def make():
    if not certificate:
        return Server(Handler(), hostname="mail.test", loop=asyncio.get_running_loop())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    bare = mode_now() == "bare"
    return Server(Handler(), hostname="mail.test", loop=asyncio.get_running_loop(), tls_context=None if bare else context,
                  require_starttls=not bare, authenticator=sign_in, auth_required=not bare, auth_require_tls=not bare)


async def main():
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", int(os.environ.get("PORT", "0")))
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until whoever began it is gone
    os._exit(0)


asyncio.run(main())
