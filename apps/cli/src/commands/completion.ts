import type { Command } from 'commander';
import { KIND_WORDS } from '../online/kinds.js';

/** Shells that completion is made for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** The completion script of a shell: commands, their options and the kinds. Print it into the shell's start file. */
export function completionScript(program: Command, shell: (typeof SHELLS)[number]): string {
  const commands = program.commands.map((command) => command.name()).filter((name) => name !== 'help');
  if (shell === 'fish') return fishScript(program);
  const body = bashScript(program, commands);
  return shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${body}` : body;
}

function wordsOf(command: Command): string[] {
  const options = command.options.flatMap(({ short, long }) => [short, long]).filter((flag) => flag !== undefined);
  const kinds = command.registeredArguments.some((argument) => argument.name() === 'kind') ? KIND_WORDS : [];
  const holds = ['get', 'describe'].includes(command.name()) ? ['holds'] : [];
  return [...command.commands.map((inner) => inner.name()), ...kinds, ...holds, ...options, '--help'];
}

function bashScript(program: Command, commands: readonly string[]): string {
  const cases = program.commands
    .filter((command) => commands.includes(command.name()))
    .map((command) => `    ${command.name()}) words="${wordsOf(command).join(' ')}" ;;`);
  return `_isthmus() {
  local words="${commands.join(' ')}"
  if [ "$COMP_CWORD" -gt 1 ]; then
    case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    esac
  fi
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
    -f|--filename|--out|--token-file) COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")) ;;
  esac
}
complete -F _isthmus isthmus
`;
}

function fishScript(program: Command): string {
  const lines = program.commands.flatMap((command) => [
    `complete -c isthmus -f -n __fish_use_subcommand -a ${command.name()} -d '${command.summary().replaceAll("'", '')}'`,
    `complete -c isthmus -n '__fish_seen_subcommand_from ${command.name()}' -a '${wordsOf(command).join(' ')}'`,
  ]);
  return `${lines.join('\n')}\n`;
}
