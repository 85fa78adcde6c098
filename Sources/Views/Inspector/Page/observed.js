"use strict";

/** Values that several views share: who watches one is called when it changes. */
class Observed {
  #values;
  #watchers = [];

  constructor(values) {
    this.#values = { ...values };
  }

  get(name) {
    return this.#values[name];
  }

  set(changes) {
    const changed = Object.keys(changes).filter((name) => this.#values[name] !== changes[name]);
    Object.assign(this.#values, changes);
    for (const watcher of this.#watchers) {
      if (watcher.names.some((name) => changed.includes(name))) watcher.action();
    }
  }

  /** Calls `action` now and each time one of the named values has changed. */
  watch(names, action) {
    this.#watchers.push({ names, action });
    action();
  }
}
