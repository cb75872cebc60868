// Search and filters. Without this file the pages are still whole.
const $ = selector => document.querySelector(selector);
const find = $('#find');
const copy = $('#copy');
// For the way back to it: what was looked for, as long as the tab is open and where a browser keeps anything.
const remember = hash => { try { sessionStorage.setItem('find', hash); } catch { /* it keeps nothing */ } };
const remembered = () => { try { return sessionStorage.getItem('find') || ''; } catch { return ''; } };

if (find) {
  const { q, o } = find.elements;
  const boxes = [...find.querySelectorAll('[type=checkbox]')];
  const details = find.querySelector('details');
  const status = $('[role=status]');
  const all = status.textContent;
  const clears = document.querySelectorAll('.clear');
  let list = $('#list');
  const other = $('#other');
  const elsewhere = other.href;

  // Letters without accents; and as those write them who have none: Łódź, Straße, Søren; Müller as Mueller, too. Hyphens and
  // apostrophes as a keyboard has them.
  const LETTERS = {
    ł: 'l', ø: 'o', ß: 'ss', æ: 'ae', œ: 'oe', đ: 'd', ð: 'd', þ: 'th', ı: 'i', '\u2010': '-', '–': '-', '’': "'", '×': 'x',
  };
  const SPELT = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' };
  const plain = text => text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').replace(/[łøßæœđðþı\u2010–’×]/g, c => LETTERS[c]);
  const spelt = text => text.toLowerCase().normalize('NFKC').replace(/[äöüåø]/g, c => SPELT[c]);
  // Forms of companies as they are said: S.p.A. as SpA, z o.o. as zoo.
  const spoken = text => text.replace(/\b[a-z](?:[. ]+[a-z]\b)+\.?/g, it => it.replace(/[. ]+/g, ''));
  const spellings = text => {
    const one = plain(text);
    return [...new Set([one, plain(spelt(text)), spoken(one)])];
  };
  const folded = text => spellings(text).join(' ');

  // What a card needn't say twice: its short name stands in its link, and `~` in place of the beginning of a host is its name.
  const found = li => {
    const names = [...li.querySelectorAll('h2, .o')].map(name => name.textContent.toLowerCase().replace(/[^a-z0-9]/g, ''));
    const words = (li.dataset.k || '').split(' ').flatMap(word => (word[0] === '~' ? names.map(name => name + word.slice(1)) : word));
    const said = [...li.children].filter(child => child.className !== 't').map(child => child.textContent);
    return [...said, ...words, li.querySelector('a').getAttribute('href').split('/').at(-2)];
  };

  const cards = [...list.children].map((li, place) => {
    const terms = (li.dataset.t || '').split(',').map(n => boxes[n]).filter(Boolean);
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
    return { li, place, terms, text: folded(found(li).join(' ')), since: li.dataset.d || '' };
  });

  // Whether whoever has this word is found by the wanted one: who works worldwide works in each region, and regions lie in others.
  const lies = (box, wanted) => box === wanted || (box.name === wanted.name
    && (box.value === 'worldwide' || (box.dataset.in || '').split(' ').includes(wanted.value)));
  // What words are called, in the other language, too, with the boxes of those who are found by it.
  const SAID = { 'around-the-clock': '24/7 24x7 7x24' };
  const called = boxes.map(box => ({
    text: folded(`${box.parentNode.textContent} ${box.dataset.k || ''} ${SAID[box.value] || ''}`),
    own: boxes.filter(other => lies(other, box)),
  }));

  // Whether a word begins with this one, but for one letter: one more, one less, another, or two the wrong way round.
  const near = (word, it) => {
    let i = 0;
    while (i < word.length && word[i] === it[i]) i++;
    const [of, next] = [word[i + 1], it[i + 1]];
    if (of && of !== next && of !== it[i] && word[i] !== next) return false;
    return it.startsWith(word.slice(i + 1), i) || it.startsWith(word.slice(i), i + 1)
      || it.startsWith(word.slice(i + 1), i + 1)
      || (word[i] === it[i + 1] && word[i + 1] === it[i] && it.startsWith(word.slice(i + 2), i + 2));
  };
  // Which cards have a word.
  let having;
  const index = () => {
    if (having) return having;
    having = new Map();
    for (const card of cards) {
      for (const it of new Set(card.text.split(/[^\p{L}\p{N}]+/u))) {
        if (having.has(it)) having.get(it).push(card);
        else having.set(it, [card]);
      }
    }
    return having;
  };
  // Who types the first letter shouldn't wait for it.
  (self.requestIdleCallback ?? setTimeout)(index);

  const boxesOf = is => new Set(called.filter(({ text }) => is(text)).flatMap(({ own }) => own));

  // How each card is held to a word of the search. What nobody has may be mistyped.
  const test = ways => {
    const own = boxesOf(text => ways.some(way => text.includes(way)));
    const exact = card => ways.some(way => card.text.includes(way)) || (own.size && card.terms.some(box => own.has(box)));
    if (ways[0].length < 4 || cards.some(exact)) return exact;
    const is = it => ways.some(way => near(way, it));
    const close = [...index()].filter(([it]) => is(it));
    const those = new Set(close.flatMap(([, having]) => having));
    const closeBoxes = boxesOf(text => text.split(' ').some(is));
    return card => those.has(card) || card.terms.some(box => closeBoxes.has(box));
  };

  // Of each kind one of those checked is enough.
  const fits = (card, tests, groups) => tests.every(has => has(card))
    && groups.every(group => card.terms.some(box => group.some(wanted => lies(box, wanted))));

  let order = '';
  let ordered = cards;
  const arrange = () => {
    if (o.value === order) return false;
    order = o.value;
    const newest = (a, b) => b.since.localeCompare(a.since) || a.place - b.place;
    ordered = order ? [...cards].sort(newest) : cards;
    return true;
  };

  // A card that isn't shown isn't in the page: nothing is laid out as cheaply. While somebody types,
  // those far down wait.
  const FIRST = 30;
  let there = cards;
  let laid = cards.length;
  let waiting;
  // Puts the next ones among those that stand there already.
  const more = count => {
    let at = laid ? there[laid - 1].li.nextElementSibling : list.firstElementChild;
    for (const { li } of there.slice(laid, laid + count)) {
      if (li === at) at = li.nextElementSibling;
      else list.insertBefore(li, at);
    }
    laid = Math.min(laid + count, there.length);
  };
  const later = wait => {
    clearTimeout(waiting);
    if (laid === cards.length) aside.splice(0).forEach(empty => empty.remove());
    waiting = laid < there.length && setTimeout(() => {
      more(240);
      later();
    }, wait);
  };
  // Begins with none. Thousands are hidden at once in a list of their own, from which `more` takes them: to take them out takes long.
  const aside = [];
  const clear = () => {
    if (laid <= 240) {
      list.replaceChildren();
      return;
    }
    const before = list;
    list = before.cloneNode(false);
    before.removeAttribute('id');
    before.hidden = true;
    before.before(list);
    aside.push(before);
  };
  const put = (fitting, isSorted, count) => {
    // Where only the first ones come at once, those that stay are laid out with them: they would cost more.
    if (isSorted || count < fitting.length || fitting.length * 2 < there.length) {
      clear();
    } else {
      const stay = new Set(fitting);
      for (const card of there) if (!stay.has(card)) card.li.remove();
    }
    there = fitting;
    laid = 0;
    more(count);
    later(150);
  };
  addEventListener('beforeprint', () => more(cards.length));

  let timer;
  const show = (count = cards.length) => {
    // Of an address its host, as it stands in the cards; quotation marks mean nothing.
    const bare = word => word.replace(/["“”„«»「」]/g, '').replace(/^https?:\/\//i, '').replace(/^www\.(?=.)/i, '').replace(/^([^/]+\.[^/]+)\/.*/, '$1').replace(/(.)[.,;]+$/, '$1');
    const words = q.value.split(/\s+/).map(bare).map(spellings).filter(w => w[0]);
    const tests = words.map(test);
    const isSorted = arrange();
    const checked = boxes.filter(box => box.checked);
    const groups = ['s', 'r', 'l', 'h', 'a'].map(name => checked.filter(box => box.name === name)).filter(group => group[0]);
    const fitting = ordered.filter(card => fits(card, tests, groups));
    put(fitting, isSorted, count);
    const shown = fitting.length;
    const active = words[0] ?? checked[0];
    status.textContent = active
      ? status.dataset.some.replace('{shown}', shown).replace('{count}', cards.length)
      : all;
    clears[0].hidden = !active;
    $('#none').hidden = shown > 0;
    $('.up').hidden = !shown;
    if (details) $('summary').dataset.n = checked.length || '';

    // The address tells what is shown: to share, and for the other language.
    const state = new URLSearchParams(new FormData(find));
    if (!words[0]) state.delete('q');
    if (!o.value) state.delete('o');
    const hash = `${state}` && `#${state}`;
    other.href = elsewhere + hash;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (location.hash !== hash) history.replaceState(null, '', hash || location.pathname + location.search);
      remember(hash);
    }, 150);
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
    // Asked before anything changes, it costs nothing.
    const above = list.getBoundingClientRect().top < 0;
    show(event.target === q ? FIRST : cards.length);
    if (above) list.scrollIntoView();
  };

  find.addEventListener('input', change);
  find.addEventListener('compositionend', change);
  find.addEventListener('submit', event => {
    event.preventDefault();
    list.querySelector('a')?.focus();
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
  // The address keeps the search; and a phone's keyboard stays away.
  const up = $('.up');
  $('.up a').addEventListener('click', event => {
    event.preventDefault();
    scrollTo(0, 0);
    $('#main').focus({ preventScroll: true });
  });
  // Once the search is out of sight, the way back to it is at hand.
  new IntersectionObserver(([bar]) => up.classList.toggle('at-hand', !bar.isIntersecting)).observe(find.firstElementChild);

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

// Who came from the list goes back to what was looked for there.
const back = $('.back a');
if (back && document.referrer === back.href) back.href += remembered();

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
