"""What pyHanko says about a case. Runs in processes of its own, within limits."""

import datetime as dt
import logging
import re
import resource
import signal

from asn1crypto import crl
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

import programs

ADDRESS_SPACE = 2 << 30


class TooLong(Exception):
    pass


def begin():
    """For each process of the pool."""
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))

    def stop(*_):
        raise TooLong

    signal.signal(signal.SIGALRM, stop)


def judge(case):
    """(accepts, says): every signature of a person is intact, trusted and not revoked."""
    signal.alarm(programs.LIMIT)
    try:
        return _judge(case)
    except TooLong:
        return False, "takes too long"
    except MemoryError:
        return False, "takes too much memory"
    except Exception as problem:  # Whatever it stumbles over is its answer.
        return False, (type(problem).__name__ + ": " + re.sub(r"\d+", "N", str(problem)))[:100]
    finally:
        signal.alarm(0)


def _judge(case):
    context = case.context
    roots = [programs.certificate(path) for path in context.roots]
    issuers = [programs.certificate(path) for path in context.issuers]
    lists = []
    for path in context.lists:
        with open(path, "rb") as file:
            lists.append(crl.CertificateList.load(file.read()))
    moment = dt.datetime.fromtimestamp(context.clock, dt.timezone.utc)

    def validation():
        return ValidationContext(
            trust_roots=roots, other_certs=issuers, crls=lists, moment=moment,
            allow_fetching=False, revocation_mode="hard-fail")

    with open(case.path, "rb") as file:
        signatures = PdfFileReader(file).embedded_regular_signatures
        if not signatures:
            return False, "no signature"
        for one in signatures:
            status = validate_pdf_signature(
                one, signer_validation_context=validation(), ts_validation_context=validation())
            if not status.bottom_line:
                return False, _complaint(status)
    return True, "bottom line good"


def _complaint(status):
    if not status.intact:
        return "not intact"
    if not status.valid:
        return "not valid"
    if not status.trusted:
        problem = status.trust_problem_indic
        return "not trusted: " + (problem.standard_name if problem else "no reason")
    if status.timestamp_validity is not None and not (
            status.timestamp_validity.valid and status.timestamp_validity.intact
            and status.timestamp_validity.trusted):
        return "time stamp not trusted"
    if not status.seed_value_ok:
        return "seed value"
    if not status.docmdp_ok:
        # Up to where it quotes the document.
        return "changed afterwards: " + re.split("[:{]", re.sub(
            r"\d+", "N", str(status.diff_result)))[0].strip()
    return "bottom line bad"
