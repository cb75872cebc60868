// Search and filters. Without this file the pages are still whole.
const $ = selector => document.querySelector(selector);
const find = $('#find');
const copy = $('#copy');

if (find) {
  const { q, o } = find.elements;
  const boxes = [...find.querySelectorAll('[type=checkbox]')];
  const details = find.querySelector('details');
  const status = $('[role=status]');
  const all = status.textContent;
  const clears = document.querySelectorAll('.clear');
  const list = $('#list');
  const other = $('#other');
  const there = other.href;

  // Letters without accents; and as those write them who have none: Łódź, Straße, Søren; Müller as Mueller, too.
  const LETTERS = { ł: 'l', ø: 'o', ß: 'ss', æ: 'ae', œ: 'oe', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };
  const SPELT = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' };
  const plain = text => text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').replace(/[łøßæœđðþı]/g, c => LETTERS[c]);
  const spelt = text => text.toLowerCase().normalize('NFKC').replace(/[äöüåø]/g, c => SPELT[c]);
  const folded = text => {
    const [one, other] = [plain(text), plain(spelt(text))];
    return one === other ? one : `${one} ${other}`;
  };

  const cards = [...list.children].map((li, place) => {
    const terms = li.dataset.t.split(',').map(n => boxes[n]).filter(Boolean);
    if (terms.length && 'label' in list.dataset) {
      for (const name of ['s', 'r', 'l']) {
        const own = terms.filter(box => box.name === name);
        if (!own[0]) continue;
        const p = document.createElement('p');
        p.className = 't';
        p.textContent = own.map(box => box.parentNode.textContent).join('\u00a0· ');
        li.append(p);
      }
    }
    const text = folded(`${[...li.children].map(child => child.textContent).join(' ')} ${li.dataset.k}`);
    return { li, place, terms, text, since: li.dataset.d || '' };
  });

  // Whether a word begins with this one, but for one letter: one more, one less, another, or two the wrong way round.
  const near = (word, it) => {
    let i = 0;
    while (i < word.length && word[i] === it[i]) i++;
    return it.startsWith(word.slice(i + 1), i) || it.startsWith(word.slice(i), i + 1)
      || it.startsWith(word.slice(i + 1), i + 1)
      || (word[i] === it[i + 1] && word[i + 1] === it[i] && it.startsWith(word.slice(i + 2), i + 2));
  };
  const wordsOf = card => card.words ??= card.text.split(/[^\p{L}\p{N}]+/u);

  // How each card is held to a word of the search. What nobody has may be mistyped.
  const test = ways => {
    const exact = card => ways.some(way => card.text.includes(way));
    if (ways[0].length < 4 || cards.some(exact)) return exact;
    return card => wordsOf(card).some(it => ways.some(way => near(way, it)));
  };

  // Of each kind one of those checked is enough; who works worldwide works in each region, and regions lie in others.
  const fits = (card, tests, groups) => tests.every(has => has(card))
    && groups.every(group => card.terms.some(box => group.some(wanted => wanted === box
      || (box.name === wanted.name && (box.value === 'worldwide' || (box.dataset.in || '').split(' ').includes(wanted.value))))));

  let order = '';
  const arrange = () => {
    if (o.value === order) return;
    order = o.value;
    const newest = (a, b) => b.since.localeCompare(a.since) || a.place - b.place;
    const sorted = [...cards].sort(order ? newest : (a, b) => a.place - b.place);
    list.append(...sorted.map(card => card.li));
  };

  let timer;
  const show = () => {
    // Of an address its host, as it stands in the cards.
    const bare = word => word.replace(/^https?:\/\//i, '').replace(/^www\.(?=.)/i, '').replace(/^([^/]+\.[^/]+)\/.*/, '$1');
    const words = q.value.split(/\s+/).map(bare).map(word => [...new Set([plain(word), plain(spelt(word))])]).filter(w => w[0]);
    const tests = words.map(test);
    arrange();
    const checked = boxes.filter(box => box.checked);
    const groups = ['s', 'r', 'l', 'h', 'a'].map(name => checked.filter(box => box.name === name)).filter(group => group[0]);
    let shown = 0;
    for (const card of cards) {
      const fit = fits(card, tests, groups);
      if (card.li.hidden === fit) card.li.hidden = !fit;
      shown += fit;
    }
    const active = words[0] ?? checked[0];
    status.textContent = active
      ? status.dataset.some.replace('{shown}', shown).replace('{count}', cards.length)
      : all;
    clears[0].hidden = !active;
    $('#none').hidden = shown > 0;
    if (details) $('summary').dataset.n = checked.length || '';

    // The address tells what is shown: to share, and for the other language.
    const state = new URLSearchParams(new FormData(find));
    if (!words[0]) state.delete('q');
    if (!o.value) state.delete('o');
    const hash = `${state}` && `#${state}`;
    other.href = there + hash;
    clearTimeout(timer);
    timer = setTimeout(() => location.hash === hash
      || history.replaceState(null, '', hash || location.pathname + location.search), 150);
  };

  const restore = () => {
    if (/^#[^=]+$/.test(location.hash)) return; // a place on it
    const state = new URLSearchParams(location.hash.slice(1));
    q.value = state.get('q') || '';
    o.value = state.get('o') === 'new' ? 'new' : '';
    for (const box of boxes) box.checked = state.getAll(box.name).includes(box.value);
    show();
  };

  const change = event => {
    if (event.isComposing) return;
    show();
    if (list.getBoundingClientRect().top < 0) list.scrollIntoView();
  };

  find.addEventListener('input', change);
  find.addEventListener('compositionend', change);
  find.addEventListener('submit', event => {
    event.preventDefault();
    list.querySelector('li:not([hidden]) a')?.focus();
  });
  for (const button of clears) {
    button.addEventListener('click', () => {
      const sorted = o.value;
      find.reset();
      o.value = sorted;
      show();
      q.focus();
    });
  }
  addEventListener('hashchange', restore);
  addEventListener('keydown', event => {
    if (event.key === 'Escape' && event.target === q && !event.isComposing) {
      q.value = '';
      show();
    } else if (event.key === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      q.focus();
    }
  });
  // The address keeps the search.
  $('.up a').addEventListener('click', event => {
    event.preventDefault();
    scrollTo(0, 0);
    q.focus({ preventScroll: true });
  });

  // Templates copied from earlier versions hide it.
  find.hidden = false;

  // The filters lie over the cards, so they fold when somebody goes on to those.
  if (details) {
    const fold = event => {
      if (!details.contains(event.target)) details.open = false;
    };
    addEventListener('pointerdown', fold);
    addEventListener('focusin', fold);
    details.addEventListener('keydown', event => {
      if (event.key !== 'Escape') return;
      details.open = false;
      $('summary').focus();
    });
  }
  restore();
}

$('.skip').addEventListener('click', event => {
  event.preventDefault();
  $('#main').focus();
});

if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText($('pre').textContent);
    copy.textContent = copy.dataset.done;
  });
}
