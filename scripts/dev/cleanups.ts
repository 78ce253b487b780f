type Cleanup = () => void | Promise<void>;

/** What has to be undone at the end: last things first, each one even where another fails. */
export class Cleanups {
  readonly #pending: Cleanup[] = [];

  add(cleanup: Cleanup): void {
    this.#pending.push(cleanup);
  }

  async run(): Promise<void> {
    for (let cleanup = this.#pending.pop(); cleanup; cleanup = this.#pending.pop()) {
      try {
        await cleanup();
      } catch (error) {
        console.error(error);
      }
    }
  }
}
