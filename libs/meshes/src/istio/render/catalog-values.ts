const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const LABEL_KEY = /^([a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?)?$/;
const LOCALITY = /^[A-Za-z0-9][-_.A-Za-z0-9]*(\/[A-Za-z0-9][-_.A-Za-z0-9]*){0,2}$/;
const TRUST_DOMAIN = /^[a-z0-9._-]{1,255}$/;
const IPV4 = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;
const IPV6 = /^(?=.*::|([^:]*:){7}[^:]*$)(?!.*::.*::)[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}$/i;

/** True for a DNS label of RFC 1123 in lower case, as names of namespaces and services are. */
export function isDnsLabel(text: string): boolean {
  return DNS_LABEL.test(text);
}

/** True for a lower-case DNS name without wildcard and without final dot. */
export function isDnsName(text: string): boolean {
  return text.length <= 253 && text.split('.').every((label) => DNS_LABEL.test(label));
}

/** True for an IPv4 or IPv6 address without zone. */
export function isIpAddress(text: string): boolean {
  return IPV4.test(text) || IPV6.test(text);
}

/** True for a key of a Kubernetes label. */
export function isLabelKey(text: string): boolean {
  return LABEL_KEY.test(text);
}

/** True for a value of a Kubernetes label; empty is one. */
export function isLabelValue(text: string): boolean {
  return LABEL_VALUE.test(text);
}

/** True for `region`, `region/zone` or `region/zone/subzone`. */
export function isLocality(text: string): boolean {
  return LOCALITY.test(text);
}

/** True for a SPIFFE trust domain. */
export function isTrustDomain(text: string): boolean {
  return TRUST_DOMAIN.test(text);
}

/** True for a number that a TCP port can have. */
export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65_535;
}
