"""A stand-in for the `warrant` package with the one class that scripts on Cognito use. On the wire it does what that class does:
USER_SRP_AUTH, then PASSWORD_VERIFIER without the Session of the first answer."""
import base64
import datetime
import hashlib
import hmac
import os

N_HEX = (
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF"
)
N = int(N_HEX, 16)
G = 2
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def padded(number):
    """The bytes of a positive number as a two's complement: a leading zero byte where the first bit is set."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def digest(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def number(data):
    return int.from_bytes(data, "big")


class AWSSRP(object):
    def __init__(self, username, password, pool_id, client_id, client):
        self.username, self.password = username, password
        self.pool_name, self.client_id, self.client = pool_id.split("_", 1)[1], client_id, client
        self.small_a = number(os.urandom(128)) % N
        self.large_a = pow(G, self.small_a, N)

    def authenticate_user(self):
        asked = self.client.initiate_auth(
            AuthFlow="USER_SRP_AUTH",
            AuthParameters={"USERNAME": self.username, "SRP_A": format(self.large_a, "x")},
            ClientId=self.client_id,
        )
        assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
        return self.client.respond_to_auth_challenge(
            ClientId=self.client_id,
            ChallengeName="PASSWORD_VERIFIER",
            ChallengeResponses=self.proof(asked["ChallengeParameters"]),
        )

    def proof(self, parameters):
        user, block = parameters["USER_ID_FOR_SRP"], parameters["SECRET_BLOCK"]
        now = datetime.datetime.now(datetime.timezone.utc)
        stamp = "%s %s %d %s UTC %d" % (
            DAYS[now.weekday()], MONTHS[now.month - 1], now.day, now.strftime("%H:%M:%S"), now.year)
        key = self.key(user, int(parameters["SRP_B"], 16), int(parameters["SALT"], 16))
        message = self.pool_name.encode() + user.encode() + base64.b64decode(block) + stamp.encode()
        signature = base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
        return {
            "TIMESTAMP": stamp,
            "USERNAME": user,
            "PASSWORD_CLAIM_SECRET_BLOCK": block,
            "PASSWORD_CLAIM_SIGNATURE": signature,
        }

    def key(self, user, large_b, salt):
        u = number(digest(padded(self.large_a), padded(large_b)))
        x = number(digest(padded(salt), digest(("%s%s:%s" % (self.pool_name, user, self.password)).encode())))
        k = number(digest(padded(N), padded(G)))
        shared = pow(large_b - k * pow(G, x, N), self.small_a + u * x, N)
        extracted = hmac.new(padded(u), padded(shared), hashlib.sha256).digest()
        return hmac.new(extracted, b"Caldera Derived Key\x01", hashlib.sha256).digest()[:16]
