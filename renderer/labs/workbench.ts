// What guided labs ask of the workbench around them.

export interface StepSetting {
  /** Probes to draw. */
  readonly show: readonly string[];
  /** Packets and causes are recorded, for something is to be picked. */
  readonly records: boolean;
}

export interface Workbench {
  /** Opens a scenario beside the text; false if a person would rather keep what is open. */
  readonly open: (text: string, name: string) => boolean;
  /** Runs what is open; the id of the run, or undefined if it did not start. */
  readonly run: (setting: StepSetting) => Promise<string | undefined>;
  /** The text of the open scenario, as it would be saved. */
  readonly text: () => string;
  /** Brings a panel to the front. */
  readonly show: (panel: string) => void;
}
