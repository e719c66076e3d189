"""The other opinion: every part of every message of a mailbox, found and decoded by Python, compared with what we saved.

    parts-by-python.py PORT USER PASSWORD MAILBOX FOLDER

FOLDER/UID/NUMBER is a part as we saved it (1, 2.1). The tree is read from BODYSTRUCTURE and the octets are those of
BODY[n], by a reader of IMAP of its own, so that no bug is shared. Prints JSON: counts, and each part that differs.
Where Python's own decoders fall short of RFC 2045 the reason has a name; a difference without one is our fault.
Standard library only.
"""
import binascii, json, pathlib, re, socket, sys
from email._encoded_words import decode_b
from email.message import Message

port, user, password, mailbox, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], pathlib.Path(sys.argv[5])


class Connection:
    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.file = self.socket.makefile("rb")
        self.file.readline()
        self.tag = 0
        self.command(f'LOGIN "{user}" "{password}"')

    def command(self, text):
        """Sends a command; its untagged responses, each a list of bytes: text, literal, text, …"""
        self.tag += 1
        tag = b"p%d" % self.tag
        self.socket.sendall(tag + b" " + text.encode() + b"\r\n")
        responses = []
        while True:
            pieces = []
            while True:
                line = self.file.readline()
                literal = re.search(rb"\{(\d+)\}\r\n$", line)
                pieces.append(line[: literal.start()] if literal else line.rstrip(b"\r\n"))
                if not literal:
                    break
                pieces.append(self.file.read(int(literal.group(1))))
            if pieces[0].startswith(tag + b" "):
                if not pieces[0].startswith(tag + b" OK"):
                    raise RuntimeError(f"{text[:80]}: {pieces[0]!r}")
                return responses
            responses.append(pieces)


def tokens(pieces):
    """Atoms and strings as bytes, NIL as None, lists as lists."""
    stack, atom = [[]], re.compile(rb'[^\s()"\[\]]+(?:\[[^\]]*\](?:<\d+>)?)?|\[')
    for index, piece in enumerate(pieces):
        if index % 2:
            stack[-1].append(piece)
            continue
        at = 0
        while at < len(piece):
            byte = piece[at : at + 1]
            if byte == b"(":
                stack.append([])
            elif byte == b")":
                done = stack.pop()
                stack[-1].append(done)
            elif byte == b'"':
                quoted = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.S).match(piece, at)
                stack[-1].append(re.sub(rb"\\(.)", rb"\1", quoted.group(1), flags=re.S))
                at = quoted.end()
                continue
            elif not byte.isspace():
                word = atom.match(piece, at)
                stack[-1].append(None if word.group().upper() == b"NIL" else word.group())
                at = word.end()
                continue
            at += 1
    return stack[0]


def leaves(body, number=""):
    """(number, type, encoding) of every part that is no multipart (RFC 9051 §6.4.5.1)."""
    if isinstance(body[0], list):
        for index, child in enumerate([each for each in body if isinstance(each, list)][: count_children(body)]):
            yield from leaves(child, f"{number}.{index + 1}" if number else f"{index + 1}")
        return
    number = number or "1"
    kind = ((body[0] or b"") + b"/" + (body[1] or b"")).decode("latin1").lower()
    yield number, kind, (body[5] or b"").decode("latin1").lower()
    if kind in ("message/rfc822", "message/global") and len(body) > 8 and isinstance(body[8], list):
        inner = body[8]
        yield from leaves(inner, number if isinstance(inner[0], list) else f"{number}.1")


def count_children(body):
    count = 0
    while count < len(body) and isinstance(body[count], list):
        count += 1
    return count


def by_email(encoding, octets):
    """As email.message decodes a payload; the class is asked, not copied."""
    part = Message()
    part["Content-Transfer-Encoding"] = encoding
    part.set_payload(octets.decode("ascii", "surrogateescape"))
    decoded = part.get_payload(decode=True)
    # splitlines() of uuencode and base64 apart, nothing of it depends on line ends.
    return decoded


def quoted_printable_by_rfc(octets):
    """RFC 2045 §6.7, rule 3 and the notes on robustness: blanks at line ends go, also behind a soft break's `=`; what is no escape stays."""
    stripped = re.sub(rb"[ \t]+(?=\r?\n|\Z)", b"", octets)
    joined = re.sub(rb"=(?:\r?\n|\Z)", b"", stripped)
    return re.sub(rb"=([0-9A-Fa-f]{2})", lambda escape: bytes([int(escape.group(1), 16)]), joined)


def base64_quanta(octets):
    """Where Python gives up for a length that cannot be: the quanta that are whole, up to padding that completes one."""
    sextets, pads = bytearray(), 0
    for byte in octets:
        if byte in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/":
            sextets.append(byte)
            pads = 0
        elif byte == 0x3D and len(sextets) % 4 >= 2:
            pads += 1
            if len(sextets) % 4 + pads == 4:
                break
    rest = len(sextets) % 4
    whole = sextets[: len(sextets) - rest]
    return binascii.a2b_base64(whole + (sextets[len(whole) :] + b"==" if rest >= 2 else b""))


def reason(encoding, octets, ours):
    if encoding == "quoted-printable" and ours == quoted_printable_by_rfc(octets):
        return "quoted-printable: Python keeps blanks at line ends (RFC 2045 §6.7 rule 3) or takes == for an escape"
    if encoding == "base64" and by_email(encoding, octets) == b"".join(octets.splitlines()) and ours == base64_quanta(octets):
        return "base64: Python gives up over one character too many and returns it undecoded"
    if encoding in uuencodings and by_email(encoding, octets) == octets:
        return "uuencode: Python gives up over an empty line and returns it undecoded"
    return ""


uuencodings = ("x-uuencode", "uuencode", "uue", "x-uue")
connection = Connection()
connection.command(f'EXAMINE "{mailbox}"')
counts = {"parts": 0, "equal": 0}
differences = []
for name in sorted((each.name for each in folder.iterdir()), key=int):
    (response,) = [r for r in connection.command(f"UID FETCH {name} (BODYSTRUCTURE)") if b"BODYSTRUCTURE" in r[0]]
    row = tokens(response)[-1]
    found = list(leaves(row[row.index(b"BODYSTRUCTURE") + 1]))
    limit = folder / name / "limit"
    if limit.exists():
        found = found[: int(limit.read_text())]
    for start in range(0, len(found), 50):
        some = found[start : start + 50]
        wanted = " ".join(f"BODY.PEEK[{number}]" for number, _, _ in some)
        octets_of = {}
        for answer in connection.command(f"UID FETCH {name} ({wanted})"):
            words = tokens(answer)[-1]
            if isinstance(words, list):
                octets_of.update(zip(words[0::2], words[1::2]))
        for number, kind, encoding in some:
            octets = octets_of.get(f"BODY[{number}]".encode()) or b""
            counts["parts"] += 1
            expected = by_email(encoding, octets)
            file = folder / name / number
            saved = file.read_bytes() if file.exists() else None
            if saved == expected:
                counts["equal"] += 1
                continue
            differences.append({
                "uid": int(name), "part": number, "type": kind, "encoding": encoding, "octets": len(octets),
                "python": len(expected), "ours": None if saved is None else len(saved),
                "reason": "" if saved is None else reason(encoding, octets, saved),
            })
print(json.dumps({**counts, "differences": differences}))
