import { describe, expect, it } from 'vitest';
import { folderCommand, helmCommand, ticketFiles, type AgentTicket } from './agent-commands.js';

const TICKET: AgentTicket = {
  cluster: 'east',
  gatewayUrl: 'https://gateway.example:4443',
  gatewayCa: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
  secret: 'isthe_abc',
};

describe('the commands that start an agent', () => {
  it('say what has to be written where it is not known', () => {
    const lines = ticketFiles({ ...TICKET, secret: undefined, gatewayCa: undefined });
    expect(lines).toBe(
      'umask 077 && mkdir -p east # and write the token to east/token\n# write the CA that vouches for the gateway to east/ca.pem',
    );
  });

  it('write token and CA to files for nobody else, and use exactly these', () => {
    expect(ticketFiles(TICKET)).toBe(
      "umask 077 && mkdir -p east && printf '%s' 'isthe_abc' > east/token\ncat > east/ca.pem <<'CA'\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\nCA",
    );
    for (const command of [helmCommand(TICKET), folderCommand(TICKET)]) {
      expect(command).toContain('east/token');
      expect(command).toContain('east/ca.pem');
      expect(command).toContain('https://gateway.example:4443');
      expect(command).not.toContain('isthe_abc');
    }
  });
});
