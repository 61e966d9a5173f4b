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

/** What is looked at like a kind of resource. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  get: ['services', 'sloreports', 'holds', 'roles', 'bindings'],
  describe: ['holds'],
};

function wordsOf(command: Command): string[] {
  const options = command.options.flatMap(({ short, long }) => [short, long]).filter((flag) => flag !== undefined);
  const kinds = command.registeredArguments.some((argument) => argument.name() === 'kind') ? KIND_WORDS : [];
  const others = OTHERS[command.name()] ?? [];
  return [...command.commands.map((inner) => inner.name()), ...kinds, ...others, ...options, '--help'];
}

function bashScript(program: Command, commands: readonly string[]): string {
  const listed = program.commands.filter((command) => commands.includes(command.name()));
  const cases = listed.map((command) => `    ${command.name()}) words="${wordsOf(command).join(' ')}" ;;`);
  const inner = listed.flatMap((command) =>
    command.commands.map((one) => `    "${command.name()} ${one.name()}") words="${wordsOf(one).join(' ')}" ;;`),
  );
  return `_isthmus() {
  local words="${commands.join(' ')}"
  if [ "$COMP_CWORD" -gt 1 ]; then
    case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    esac
  fi
  if [ "$COMP_CWORD" -gt 2 ]; then
    case "\${COMP_WORDS[1]} \${COMP_WORDS[2]}" in
${inner.join('\n')}
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
    ...fishWords(command),
  ]);
  return `${lines.join('\n')}\n`;
}

/** Of a command with others in it: their names, and the words of each once it is there. */
function fishWords(command: Command): string[] {
  const seen = (...names: string[]) => names.map((name) => `__fish_seen_subcommand_from ${name}`).join('; and ');
  const line = (condition: string, words: readonly string[]) =>
    `complete -c isthmus -n '${condition}' -a '${words.join(' ')}'`;
  const inner = command.commands.map((one) => one.name());
  if (inner.length === 0) return [line(seen(command.name()), wordsOf(command))];
  return [
    line(`${seen(command.name())}; and not __fish_seen_subcommand_from ${inner.join(' ')}`, wordsOf(command)),
    ...command.commands.map((one) => line(seen(command.name(), one.name()), wordsOf(one))),
  ];
}
