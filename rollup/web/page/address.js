// SPDX-License-Identifier: Apache-2.0
// The state of the page is its address: a name has a list of values. Names that are missing have their default.

const defaults = {
  view: ['histogram'], kind: ['build_id'], x: ['buckets'], y: ['linear'], show: ['bars'], layout: ['overlaid'], trim: ['yes'], few: ['100'],
  lines: ['mean', '5', '25', '50', '75', '95'],
};

// Names of the page alone: the API does not get them.
const own = ['view', 'kind', 'x', 'y', 'show', 'layout', 'trim', 'lines', 'ref'];

export class Address {
  constructor(search) {
    this.params = new URLSearchParams(search);
  }

  all(name) {
    const values = this.params.getAll(name);
    return values.length ? values : defaults[name] ?? [];
  }

  get(name) {
    return this.all(name)[0] ?? '';
  }

  // with returns an address with other values: a text, a list (of which '' is a value too), or null for the default.
  with(changes) {
    const next = new Address(this.params.toString());
    for (const [name, value] of Object.entries(changes)) {
      next.params.delete(name);
      for (const one of value === null || value === '' ? [] : [value].flat()) next.params.append(name, one);
    }
    next.params.sort();
    return next;
  }

  get search() {
    return `?${this.params}`;
  }

  // of returns the address of the API for a path: that of the view with the names that it knows, and more.
  of(path, more = {}) {
    const params = new URLSearchParams(this.params);
    own.forEach((name) => params.delete(name));
    if (this.get('view') !== 'evolution') params.delete('over');
    else if (params.get('compare') === 'date') params.delete('compare');
    for (const [name, value] of Object.entries(more)) {
      params.delete(name);
      [value].flat().forEach((one) => params.append(name, one));
    }
    return `v1/${encodeURIComponent(this.get('kind'))}/${path}?${params}`;
  }
}
