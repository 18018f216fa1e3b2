"""A time-stamping authority on a port of this machine, and its token put into a message."""

import hashlib
import http.server
import subprocess
import threading

from asn1crypto import cms, tsp


class Authority:
    """Answers with `openssl ts -reply`."""

    def __init__(self, pki):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                answer = pki.answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d/" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def stamped(message, pki, digest="sha256"):
    """The message with a token about its signature as unsigned attribute."""
    content = cms.ContentInfo.load(message)
    signer = content["content"]["signer_infos"][0]
    imprint = hashlib.new(digest, signer["signature"].native).hexdigest()
    query = subprocess.run(
        ["openssl", "ts", "-query", "-digest", imprint, "-" + digest, "-cert"], check=True,
        capture_output=True).stdout
    token = tsp.TimeStampResp.load(pki.answer(query))["time_stamp_token"]
    signer["unsigned_attrs"] = cms.CMSAttributes([cms.CMSAttribute(
        {"type": "signature_time_stamp_token", "values": [token]})])
    return content.dump(force=True)
