import * as z from 'zod';

/** The members of a control body that say what its settings are for. */
export const scopeShape = {
  account: z.string().optional(),
  mentions: z.string().min(1).optional(),
};

/** What settings are for: an account, or requests and events that contain a text. With neither, everything. */
export interface SettingsScope {
  account?: string | undefined;
  mentions?: string | undefined;
}

/** A request, or the events of one action: its account, and its whole text. */
export interface Subject {
  readonly account: string | null;
  readonly text: string;
}

/** One set of settings for everybody, and sets that replace it for single accounts and for single texts. */
export class ScopedSettings<T> {
  readonly #defaults: () => T;
  #everybody: T;
  #byAccount = new Map<string, T>();
  #byText = new Map<string, T>();

  constructor(defaults: () => T) {
    this.#defaults = defaults;
    this.#everybody = defaults();
  }

  replace({ account, mentions }: SettingsScope, settings: T): void {
    if (mentions !== undefined) this.#byText.set(mentions, settings);
    else if (account !== undefined) this.#byAccount.set(account, settings);
    else this.#everybody = settings;
  }

  clear(): void {
    this.#everybody = this.#defaults();
    this.#byAccount.clear();
    this.#byText.clear();
  }

  /** The settings for a request or for events. */
  settingsFor({ account, text }: Subject): T {
    for (const [mentioned, settings] of this.#byText) if (text.includes(mentioned)) return settings;
    return (account === null ? undefined : this.#byAccount.get(account)) ?? this.#everybody;
  }
}
