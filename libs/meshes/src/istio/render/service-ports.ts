import type { HostEntry, HostPort } from '@isthmus/domain';

/** The ports of a host that are among the given numbers, by number. */
export function portsAmong(host: HostEntry, numbers: Iterable<number>): HostPort[] {
  const wanted = new Set(numbers);
  return host.ports.filter(({ number }) => wanted.has(number)).sort((a, b) => a.number - b.number);
}

/** A port as service entries write it. The same number, name and protocol in every cluster: the number is part of the SNI, the name finds endpoints. */
export function servicePort({ number, name, protocol }: HostPort): { number: number; name: string; protocol: string } {
  return { number, name, protocol };
}
