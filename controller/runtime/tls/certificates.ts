// Certificates of the site's own authority: made here, trusted by those phones that install it, good for nothing else.
// Keys come from Node's crypto; node-forge writes the certificates.
import { createHash, generateKeyPair, randomBytes, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { promisify } from "node:util";
import forge from "node-forge";

export interface Certified {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

const DAY_MS = 86_400_000;
const CA_LASTS_MS = 3_650 * DAY_MS;
/** Phones refuse longer ones. */
const SERVER_LASTS_MS = 397 * DAY_MS;
/** A computer whose clock is a little ahead must not make what phones find too young. */
const BEFORE_MS = DAY_MS;
const KEY_BITS = 2_048;
/** A name may have letters of any language; the types of the package want another enumeration here. */
const UTF8 = forge.asn1.Type.UTF8 as unknown as forge.asn1.Class;
const SERIAL_BYTES = 16;

const pair = promisify(generateKeyPair);
const newKeys = () =>
  pair("rsa", {
    modulusLength: KEY_BITS,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });

/** Positive, as the standard wants it. */
function serial(): string {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}

interface Blank {
  readonly publicKey: string;
  readonly name: string;
  readonly now: number;
  readonly lastsMs: number;
}

function blank({ publicKey, name, now, lastsMs }: Blank): forge.pki.Certificate {
  const cert = forge.pki.createCertificate();
  cert.publicKey = forge.pki.publicKeyFromPem(publicKey);
  cert.serialNumber = serial();
  cert.validity.notBefore = new Date(now - BEFORE_MS);
  cert.validity.notAfter = new Date(now + lastsMs);
  cert.setSubject([{ name: "commonName", value: name, valueTagClass: UTF8 }]);
  return cert;
}

const signed = (cert: forge.pki.Certificate, key: string): string => {
  cert.sign(forge.pki.privateKeyFromPem(key), forge.md.sha256.create());
  return forge.pki.certificateToPem(cert).replaceAll("\r\n", "\n");
};

/** An authority for the site; `now` in ms since 1970. */
export async function makeAuthority(site: string, now: number): Promise<Certified> {
  const { publicKey, privateKey } = await newKeys();
  const cert = blank({ publicKey, name: `${site} (gridwright)`, now, lastsMs: CA_LASTS_MS });
  cert.setIssuer(cert.subject.attributes);
  cert.setExtensions([
    { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
    { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    { name: "subjectKeyIdentifier" },
  ]);
  return { key: privateKey, cert: signed(cert, privateKey) };
}

/** node-forge reads a name as bytes and writes it as text: letters beyond ASCII would be spoiled on the way. */
const namesOf = ({ subject }: forge.pki.Certificate): forge.pki.CertificateField[] =>
  subject.attributes.map(({ value, ...rest }) => ({ ...rest, value: forge.util.decodeUtf8(String(value)) }));

const DNS = 2;
const IP = 7;

/** What a server at these names and addresses shows, signed by the authority. */
export async function makeServer(ca: Certified, hosts: readonly string[], now: number): Promise<Certified> {
  const { publicKey, privateKey } = await newKeys();
  const authority = forge.pki.certificateFromPem(ca.cert);
  const cert = blank({ publicKey, name: hosts[0] ?? "gridwright", now, lastsMs: SERVER_LASTS_MS });
  cert.setIssuer(namesOf(authority));
  cert.setExtensions([
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
    { name: "extKeyUsage", serverAuth: true },
    {
      name: "subjectAltName",
      altNames: hosts.map((host) => (isIP(host) === 0 ? { type: DNS, value: host } : { type: IP, ip: host })),
    },
    { name: "authorityKeyIdentifier", keyIdentifier: authority.generateSubjectKeyIdentifier().getBytes() },
  ]);
  return { key: privateKey, cert: signed(cert, ca.key) };
}

/** When it ends, ms since 1970. */
export const endOf = (cert: string): number => Date.parse(new X509Certificate(cert).validTo);

/** SHA-256 in pairs, as phones show it. */
export const fingerprintOf = (cert: string): string =>
  (
    createHash("sha256").update(new X509Certificate(cert).raw).digest("hex").toUpperCase().match(/../g) ?? []
  ).join(":");
