import { createStyle, disarm, wantsColour, type Style } from "./style.ts";

/** What is written to: a process's stdout or stderr. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Options of {@link createScreen}. */
export interface ScreenParts {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Where a command shows what it has: answers on stdout, all else on stderr. */
export interface Screen {
  /** Is stdout a terminal, with somebody in front of it? */
  readonly isTerminal: boolean;
  /** The columns of the terminal; of what is no terminal, no end of them. */
  readonly width: number;
  readonly style: Style;
  /** For what goes to stderr. */
  readonly sideStyle: Style;
  /** Is stderr a terminal, that lines can be drawn over again on? */
  readonly canRedraw: boolean;
  /** The columns of stderr. */
  readonly sideWidth: number;
  /** A line of the answer. */
  print(text: string): void;
  /** A line beside the answer. */
  say(text: string): void;
  /** To stderr, as it is. */
  draw(text: string): void;
}

const DEFAULT_COLUMNS = 80;

/** The screen of a process. */
export function createScreen({ stdout, stderr, variables }: ScreenParts): Screen {
  const isTerminal = stdout.isTTY === true;
  const canRedraw = stderr.isTTY === true && variables["TERM"] !== "dumb";
  return {
    isTerminal,
    width: isTerminal ? columnsOf(stdout) : Infinity,
    style: createStyle(wantsColour(isTerminal, variables)),
    sideStyle: createStyle(wantsColour(stderr.isTTY === true, variables)),
    canRedraw,
    sideWidth: columnsOf(stderr),
    print: (text) => void stdout.write(`${isTerminal ? disarm(text) : text}\n`),
    say: (text) => void stderr.write(`${stderr.isTTY === true ? disarm(text) : text}\n`),
    draw: (text) => void stderr.write(text),
  };
}

/** A pseudo-terminal that nobody has given a size says 0. */
function columnsOf({ columns = 0 }: Output): number {
  return columns > 0 ? columns : DEFAULT_COLUMNS;
}
