// The types that the scripts of all stages share; read by tsc alone, never by a browser.

/** In CSS pixels, the origin at the canvas's upper left. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A drawing context, on the page or off it. */
export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** 256 colours, (256 × 3) bytes. */
export type ColourTable = Uint8ClampedArray;

export type TypedArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** An array of the engine, row-major. */
export interface Numbers {
  data: any; // a TypedArray; their union has no common methods that tsc could call
  shape: any; // number[], taken apart as a tuple of the length that the contract names
}

/** What the engine answered: `about` as JSON, and arrays by name. */
export interface Reply {
  about: any;
  [name: string]: any;
}

/** The values of the controls, by name. */
export type Values = Record<string, any>;

/** How far an answer is, and what is being done. */
export interface Progress {
  done: number;
  total: number;
  text?: string;
}

/** An error of the engine: refused (4xx) or away (5xx) with a sentence, or still at work (202). */
export interface EngineError extends Error {
  refused?: boolean;
  sentence?: string;
  pending?: Pending;
}

/** How far an answer is; of an engine that is starting, `detail` may say why. */
export interface Pending {
  done: number;
  total: number;
  starting?: boolean;
  detail?: string;
}

/** Colours and fonts of the page as it stands, light or dark. */
export interface Theme {
  dark: boolean;
  background: string;
  panel: string;
  text: string;
  accent: string;
  border: string;
  font: string;
  mono: string;
  muted: string;
  lines: string[];
  boxes: string[];
  signed: ColourTable;
  sequential: ColourTable;
  grey: ColourTable;
  categories: string[];
  channels: string[];
  channelInks: { bright: string[]; dark: string[] };
  greyInks: { bright: string; dark: string };
  channelTables: ColourTable[];
}

interface ControlParts {
  name: string;
  label: string;
  help?: string | null;
  group?: string;
}

export interface SliderControl extends ControlParts {
  kind: "slider";
  low: number;
  high: number;
  step: number;
  log?: boolean;
  unit?: string;
  names?: Record<string, string>;
}

export interface ChoiceControl extends ControlParts {
  kind: "choice";
  options: { value: string; label: string; group?: string | null }[];
}

export interface ToggleControl extends ControlParts {
  kind: "toggle";
}

export type Control = SliderControl | ChoiceControl | ToggleControl;

interface InputParts {
  label: HTMLLabelElement;
  shown?: HTMLOutputElement;
}

/** A control on the screen. */
export type Input =
  | (InputParts & {
      kind: "slider";
      control: SliderControl;
      input: HTMLInputElement;
      instead?: Limit["shown"];
    })
  | (InputParts & { kind: "choice"; control: ChoiceControl; input: HTMLSelectElement })
  | (InputParts & { kind: "toggle"; control: ToggleControl; input: HTMLInputElement });

/** Which values a control may have while the others stay. */
export interface Limit {
  low?: number;
  high?: number;
  step?: number;
  options?: string[];
  disabled?: boolean;
  /** What stands on a disabled slider instead of its value. */
  shown?: { at: number; text: string };
}

/** What the page sends (pages/ui/stage.py). */
export interface PageData {
  name: string;
  script: string;
  page: string;
  source: string;
  controls: Control[];
  values: Values;
  defaults: Values;
  revision: string;
  fixed: Values;
  lang: string;
  words: Record<string, string>;
}

export interface Component {
  parentElement: HTMLElement | ShadowRoot;
  data: PageData;
  setStateValue(name: string, value: unknown): void;
}

/** One stage on the page; `S` is what its view remembers between paints. */
export interface Stage<S = any> {
  /** What precedes the page's own name in its path. */
  base: string;
  root: HTMLElement;
  controls: HTMLElement;
  extra: HTMLElement;
  tools: HTMLElement;
  frame: HTMLElement;
  canvas: HTMLCanvasElement;
  message: HTMLElement;
  readout: HTMLElement;
  /** Aborted when the stage leaves the page; every listener, interval and request hangs on it. */
  signal: AbortSignal;

  view: View<S>;
  /** The view's own; see `View.state`. */
  state: S;
  data: PageData;
  words: Record<string, string>;
  theme: Theme;
  /** The controls as they stand. */
  values: Values;
  inputs: Record<string, Input>;
  /** The newest answer, and the values that it belongs to; null before the first. */
  reply: any;
  replyValues: any;
  /** Whether a request for the picture is in flight. */
  busy: boolean;

  repaint(): void;
  /** Hear an event of the canvas for as long as the stage is on the page. */
  on<K extends keyof HTMLElementEventMap>(
    type: K,
    act: (event: HTMLElementEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): void;
  /** Set controls, ask or paint; `commit` tells the page too. */
  set(changes: Values, commit?: boolean): void;
  /** Tell the page and its link the values as they stand. */
  commit(values: Values): void;
  /** Where the same question may have a new answer. */
  askAgain(): void;
  ask(path: string, params: Values): Promise<Reply>;
}

/** What a page's script gives to the stage; all but `paint` may be missing. */
export interface View<S = any> {
  /** What the view remembers between paints, made for each stage: `stage.state`. */
  state?(): S;
  /** Once: own buttons, pointer handlers on the canvas. */
  build?(stage: Stage<S>): void;
  /** Draw the answer to these values on the canvas. */
  paint(stage: Stage<S>, reply: any, values: any): void;
  /**
   * Draw the picture itself where nothing has been said of it yet, and how far the engine is;
   * whether it is there. Answers that are `about.unfinished` are painted, and asked for again until
   * they have all their parts.
   */
  wait?(stage: Stage<S>, values: any, progress: Progress | null): boolean;
  /** Whether another stage's values are asked with, and a refusal of them is that one's to say. */
  follows?: boolean;
  /** What is downloaded as numbers beside the answer, where the view has more than the engine said. */
  numbers?(stage: Stage<S>): object;
  /** The text alternative of the picture. */
  describe?(stage: Stage<S>, reply: any, values: any): string;
  /** The changes together with those that follow from them, where a control brings others along. */
  adjust?(stage: Stage<S>, changes: Values): Values;
  /** Names of controls that need no new answer from the engine. */
  local?: string[];
  /** Where its charts (plot.js) stand, seen from the canvas; "only" where they are the picture. */
  charts?: "above" | "below" | "only";
  /** The same question always has the same answer (answers.js). */
  steady?: boolean;
  /** By control, what its slider shows beside it. */
  texts?: Record<string, (value: any, stage: Stage<S>) => string>;
  /** Called when another source is asked from now on: what was said of the last one goes. */
  forget?(stage: Stage<S>): void;
  /** Called when trainings that are watched have moved on (ui/comparison). */
  watched?(stage: Stage<S>): void;
}

/** The same stage as core.js, answers.js and controls.js see it: what the views need not know. */
export interface LiveStage extends Stage {
  /** The page's last run; it may come while the view is still being fetched. */
  component: Component;
  /** The page's revision that the controls were built for. */
  revision: string | null;
  /** Values to ask for next; null while nothing is wanted. */
  wanted: Values | null;
  retryMs: number;
  /** The question that the reply answers (`questionKey`). */
  askedKey: string | null;
  /** The picture that the reply is about. */
  replyPicture: string | null;
  /** How far the engine was when it was asked last; null once it has answered. */
  progress: Progress | null;
  /** What was wrong with a link, said until something moves. */
  refusal: string | null;
  /** The slider that moved last, and which way. */
  moving: { name: string; way: number } | null;
  /** Answers of a steady view, oldest first. */
  answers: Map<string, { reply: Promise<Reply>; bytes: number }>;
  /** The stage's charts (plot.js). */
  plots?: any;
  /** Titles of the folds that are open. */
  openFolds: Set<string>;
}

/** A stage whose view's `state()` is F: the names in its state are known, their types are free. */
export type StageOf<F extends () => object> = Stage<{ [K in keyof ReturnType<F>]: any }>;

declare global {
  interface Window {
    /** By name of a value in the page's link: the element of the stage that writes it. */
    foveaLinkOwners?: Map<string, { isConnected: boolean }>;
  }
}
