/** Signs statements; the private key never leaves the implementation. */
export interface Signer {
  /** Ed25519 over the UTF-8 bytes of the text, in base64. */
  sign(text: string): string;
  /** Public key (SPKI, PEM). */
  readonly publicKeyPem: string;
}
