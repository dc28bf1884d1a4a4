// The scripts of the default theme. Every page is complete without them: what they
// need stands in the page hidden, and is shown here.
(() => {
  const root = document.documentElement;
  const all = (sel, from = document) => Array.from(from.querySelectorAll(sel));
  const one = (sel, from = document) => from.querySelector(sel);
  const on = (el, type, fn) => el && el.addEventListener(type, fn);
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;

  // ---- the reader's settings: kept in one entry, applied by boot.js before the first paint
  let set = {};
  const read = () => { try { set = JSON.parse(localStorage.getItem('zhendi') || '{}') || {}; } catch (e) { /* none */ } };
  read();
  const keep = (key, value) => {
    if (value) set[key] = value; else delete set[key];
    try { localStorage.setItem('zhendi', JSON.stringify(set)); } catch (e) { /* for this page only */ }
    apply();
  };
  let pointer, guide;
  const apply = () => {
    for (const k of ['size', 'elder', 'contrast']) if (set[k]) root.dataset[k] = set[k]; else delete root.dataset[k];
    for (const b of all('button[data-size]')) b.setAttribute('aria-pressed', (set.size || 'm') == b.dataset.size);
    for (const k of ['elder', 'contrast', 'cursor', 'guide']) for (const b of all(`[data-do=${k}][aria-pressed]`)) b.setAttribute('aria-pressed', !!set[k]);
    const wants = set.cursor || set.elder, image = one('[data-do=cursor]');
    if (wants && !pointer && image && image.dataset.image && document.adoptedStyleSheets) {
      pointer = new CSSStyleSheet();
      pointer.replaceSync(`*{cursor:url(${image.dataset.image}) 4 2,auto!important}`);
      document.adoptedStyleSheets = [pointer];
    }
    if (pointer) pointer.disabled = !wants;
    if (set.guide && !guide) { guide = document.createElement('div'); guide.className = 'guide'; document.body.append(guide); }
    if (guide) guide.hidden = !set.guide;
  };
  on(document, 'mousemove', e => { if (guide) guide.style.top = e.clientY + 14 + 'px'; });
  on(document, 'focusin', e => guide && requestAnimationFrame(() => guide.style.top = e.target.getBoundingClientRect().bottom + 4 + 'px')); // once scrolled

  const say = text => {
    const p = document.createElement('p');
    p.className = 'said'; p.setAttribute('role', 'status');
    document.body.append(p); p.textContent = text;
    setTimeout(() => p.remove(), 3000);
  };

  // ---- reading aloud, where the browser has a Chinese voice
  const speech = window.speechSynthesis;
  const voices = () => { if (speech.getVoices().some(v => /^(zh|cmn)/i.test(v.lang))) all('[data-do=speak]').forEach(b => b.hidden = false); };
  if (speech) { voices(); if (speech.addEventListener) speech.addEventListener('voiceschanged', voices); }
  let reading = 0;
  const speak = b => {
    const run = ++reading;
    speech.cancel();
    all('.reading').forEach(e => e.classList.remove('reading'));
    const pressed = b.getAttribute('aria-pressed') == 'true';
    b.setAttribute('aria-pressed', !pressed);
    if (pressed) return;
    const parts = []; // sentences, since long texts break off in some browsers
    for (const e of all('h1, hgroup p, .editor-note p, .body p, .body h2, .body h3, .body li, .rows a', one('main'))) {
      if (e.offsetParent) for (const text of e.textContent.match(/[^。！？；]+[。！？；]*/g) || []) if (text.trim()) parts.push([e, text]);
    }
    const next = () => {
      all('.reading').forEach(e => e.classList.remove('reading'));
      if (run != reading) return;
      const part = parts.shift();
      if (!part) return b.setAttribute('aria-pressed', false);
      part[0].classList.add('reading');
      part[0].scrollIntoView({ block: 'nearest' });
      const u = new SpeechSynthesisUtterance(part[1]);
      u.lang = root.lang; u.onend = u.onerror = next;
      speech.speak(u);
    };
    next();
  };
  on(window, 'pagehide', () => speech && speech.cancel());

  // ---- what buttons do
  const acts = {
    elder: () => {
      keep('elder', set.elder ? '' : '1');
      const next = one(set.elder ? '.elder-off' : '.bar [data-do=elder]');
      if (next) next.focus({ preventScroll: true });
    },
    contrast: () => keep('contrast', set.contrast ? '' : '1'),
    cursor: () => keep('cursor', set.cursor ? '' : '1'),
    guide: () => keep('guide', set.guide ? '' : '1'),
    speak,
    reset: () => { set = {}; if (speech) { reading++; speech.cancel(); all('[data-do=speak]').forEach(b => b.setAttribute('aria-pressed', false)); } keep(''); },
    access: () => {
      const bar = one('#access'), opener = one('.bar [data-do=access]');
      bar.hidden = !bar.hidden;
      opener.setAttribute('aria-expanded', !bar.hidden);
      if (bar.hidden) opener.focus();
    },
    menu: b => b.setAttribute('aria-expanded', one('.nav').classList.toggle('open')),
    print: () => print(),
    close: () => { close(); if (history.length > 1) history.back(); },
    share: b => {
      const url = (one('link[rel=canonical]') || location).href;
      if (navigator.share) return navigator.share({ title: document.title, url }).catch(() => {});
      const copied = ok => say(ok ? b.dataset.done : url);
      if (navigator.clipboard) return navigator.clipboard.writeText(url).then(() => copied(true), () => copied());
      const field = document.createElement('textarea'); // where the page came without TLS
      field.value = url; field.className = 'sr';
      document.body.append(field); field.select();
      let ok; try { ok = document.execCommand('copy'); } catch (e) { /* shown instead */ }
      field.remove(); b.focus(); copied(ok);
    },
  };
  on(document, 'click', e => {
    const b = e.target.closest('button');
    if (!b) return;
    if (b.dataset.size) keep('size', b.dataset.size == 'm' ? '' : b.dataset.size);
    else if (acts[b.dataset.do]) acts[b.dataset.do](b);
  });
  all('[data-js]').forEach(el => el.hidden = false);
  apply();
  on(window, 'pageshow', e => { if (e.persisted) { read(); apply(); } }); // Back: other pages may have changed them

  // ---- the edition chosen last: offered where a link from elsewhere leads to a page of another.
  // Nobody is sent there: what somebody shares is what others see.
  const editions = one('.editions');
  on(editions, 'click', e => { if (e.target.hreflang) keep('edition', e.target.hreflang); });
  const chosen = editions && all('a', editions).find(a => a.hreflang == set.edition);
  if (chosen && document.referrer.indexOf(location.origin + '/')) {
    const bar = document.createElement('p'), link = chosen.cloneNode(true), shut = document.createElement('button');
    bar.className = 'offer'; bar.setAttribute('role', 'status');
    shut.type = 'button'; shut.textContent = editions.dataset.quit;
    on(shut, 'click', () => { keep('edition', ''); bar.remove(); one('main').focus({ preventScroll: true }); });
    document.body.append(bar);
    bar.append(editions.dataset.offer, link, shut);
  }

  // ---- today, the end of the copyright's years, new articles: by the reader's clock, in Beijing's time
  const now = Date.now(), zone = { timeZone: 'Asia/Shanghai' };
  const day = one('.today');
  if (day) {
    day.textContent = day.dataset.label + new Date(now).toLocaleDateString(root.lang, Object.assign({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' }, zone));
    day.hidden = false;
  }
  const since = one('[data-since]'), year = new Date(now + 288e5).getUTCFullYear();
  if (since && year > since.dataset.since) since.textContent = since.dataset.since + '–' + year;
  const mark = root.dataset.new;
  if (mark) for (const t of all('.rows time')) {
    const age = now - Date.parse(t.dateTime.length == 10 ? t.dateTime + 'T00:00+08:00' : t.dateTime);
    if (age < 0 || !(age < 2592e5)) continue;
    const s = document.createElement('span');
    s.className = 'new'; s.textContent = mark;
    one('a', t.parentNode).append(s);
  }

  // ---- counts of views, hot articles: small files that may be missing, slow or wrong
  const get = async url => {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), 8000);
    try {
      const r = await fetch(url, { signal: stop.signal, credentials: 'omit' });
      return r.ok ? await r.json() : null;
    } catch (e) { return null; } finally { clearTimeout(timer); }
  };
  const own = (map, key) => map && typeof map == 'object' && Object.prototype.hasOwnProperty.call(map, key) ? map[key] : undefined;
  const inside = text => { // an address on this site, else nothing
    try { return typeof text == 'string' && text[0] == '/' && new URL(text, location).origin == location.origin ? text : ''; } catch (e) { return ''; }
  };
  const views = one('.views');
  if (views) {
    let n = 0;
    for (const c of views.dataset.id.slice(0, 4)) n = n * 32 + 'abcdefghijklmnopqrstuvwxyz234567'.indexOf(c);
    get(views.dataset.from + n % views.dataset.shards + '.json').then(file => {
      const count = own(own(file, 'counts'), views.dataset.id);
      if (!Number.isSafeInteger(count) || count < 1) return;
      views.textContent = views.dataset.text.replace('{n}', count.toLocaleString('en'));
      views.hidden = false;
    });
  }
  const hot = one('.hot');
  const fill = async () => {
    const d = hot.dataset, seen = {}, list = document.createElement('ol');
    const part = async url => {
      const file = url && await get(url), list = own(own(file, 'columns'), d.column) || own(file, 'site');
      return (Array.isArray(list) ? list : Array.isArray(own(list, 'items')) ? list.items : []).slice(0, 20);
    };
    const more = { views: d.views, recent: d.recent }[d.mode];
    for (const item of (await Promise.all([part(d.picks), part(more)])).flat()) {
      if (list.children.length == 8) break;
      if (!item || typeof item.title != 'string' || !item.title.trim() || !inside(item.url) || seen[item.url] || item.url == location.pathname) continue;
      seen[item.url] = true;
      const li = document.createElement('li'), a = document.createElement('a'), text = document.createElement('span');
      a.href = item.url; text.textContent = item.title;
      if (inside(item.image)) {
        const img = new Image();
        img.alt = ''; img.loading = 'lazy'; img.src = item.image;
        a.append(img);
      }
      a.append(text); li.append(a); list.append(li);
    }
    if (list.children.length) one('p', hot).replaceWith(list); else hot.classList.add('none');
    hot.classList.add('done');
  };
  if (hot && window.IntersectionObserver) new IntersectionObserver((seen, watch) => {
    if (!seen.some(s => s.isIntersecting)) return;
    watch.disconnect(); fill();
  }, { rootMargin: '300px' }).observe(hot);

  // ---- navigation: a button opens each list of sub-columns
  const nav = one('#nav');
  if (nav) {
    const home = one('.nav-home a');
    if (home.pathname == location.pathname) home.setAttribute('aria-current', 'page');
    const shut = but => all('.open', nav).forEach(li => { if (li != but) { li.classList.remove('open'); one('.sub', li).setAttribute('aria-expanded', false); } });
    for (const b of all('.sub', nav)) {
      const li = b.parentNode;
      on(b, 'click', () => { shut(li); b.setAttribute('aria-expanded', li.classList.toggle('open')); });
      on(li, 'mouseleave', () => li.classList.remove('shut'));
    }
    on(document, 'keydown', e => {
      if (e.key != 'Escape') return;
      if (e.target.closest('#access') && !set.elder) acts.access();
      const li = e.target.closest && e.target.closest('#nav > .open');
      if (li) one('.sub', li).focus();
      all('#nav > li:hover').forEach(x => x.classList.add('shut'));
      shut();
    });
    on(document, 'click', e => { if (!nav.contains(e.target)) shut(); });
    on(nav, 'focusout', e => { if (!nav.contains(e.relatedTarget)) shut(); });
    const current = one('[aria-current]', nav);
    if (current && nav.scrollWidth > nav.clientWidth) nav.scrollLeft = current.offsetLeft - 16;
  }

  // ---- leaving the site: one dialog, for links so marked
  const leave = one('.leave');
  if (leave && leave.showModal) {
    let to;
    on(document, 'click', e => {
      const a = e.target.closest('a.external');
      if (!a || e.defaultPrevented || e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      to = a.href;
      one('.leave-to', leave).textContent = a.host || to;
      leave.showModal();
      leave.focus(); // not a button: the key that opened it would press that, too
    });
    on(leave, 'click', e => {
      const v = e.target.value;
      if (v || e.target == leave) leave.close();
      if (v == 'go') location.href = to;
    });
  }

  // ---- tabs: lists become panels
  all('.tabs').forEach((box, n) => {
    const panels = all('section', box);
    if (panels.length < 2) return;
    const bar = document.createElement('div');
    bar.setAttribute('role', 'tablist');
    if (box.dataset.label) bar.setAttribute('aria-label', box.dataset.label);
    const tabs = panels.map((p, i) => {
      const b = document.createElement('button'), h = one('h2', p);
      b.type = 'button'; b.id = `tab-${n}-${i}`; p.id = `panel-${n}-${i}`;
      b.textContent = h.textContent;
      b.setAttribute('role', 'tab'); b.setAttribute('aria-controls', p.id);
      p.setAttribute('role', 'tabpanel'); p.setAttribute('aria-labelledby', b.id);
      h.className = 'sr';
      on(b, 'click', () => pick(i));
      bar.append(b);
      return b;
    });
    const pick = at => tabs.forEach((b, i) => {
      b.setAttribute('aria-selected', i == at); b.tabIndex = i == at ? 0 : -1;
      panels[i].classList.toggle('on', i == at);
    });
    on(bar, 'keydown', e => {
      const i = tabs.indexOf(document.activeElement), last = tabs.length - 1;
      const to = { ArrowRight: i == last ? 0 : i + 1, ArrowLeft: i ? i - 1 : last, Home: 0, End: last }[e.key];
      if (to === undefined) return;
      e.preventDefault(); pick(to); tabs[to].focus();
    });
    box.prepend(bar); box.classList.add('ready'); pick(0);
  });

  // ---- picture news
  for (const box of all('.pictures')) {
    const list = one('.slides', box), count = list.children.length, label = one('.slide-tools span', box), stop = one('[data-slide="0"]', box);
    if (count < 2) { one('.slide-tools', box).hidden = true; continue; }
    let paused = still, busy = false;
    const at = () => Math.round(list.scrollLeft / list.clientWidth);
    const show = () => label.textContent = `${at() + 1}/${count}`;
    const go = i => list.scrollTo({ left: ((i + count) % count) * list.clientWidth, behavior: still ? 'auto' : 'smooth' });
    const state = () => { stop.classList.toggle('paused', paused); stop.setAttribute('aria-label', paused ? stop.dataset.play : stop.dataset.pause); };
    stop.dataset.pause = stop.getAttribute('aria-label');
    on(list, 'scroll', show);
    on(box, 'keydown', e => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
      if (step && list.scrollWidth > list.clientWidth) { e.preventDefault(); go(at() + step); }
    });
    for (const b of all('[data-slide]', box)) on(b, 'click', () => { if (b == stop) { paused = !paused; state(); } else go(at() + +b.dataset.slide); });
    for (const t of ['mouseenter', 'focusin']) on(box, t, () => busy = true);
    for (const t of ['mouseleave', 'focusout']) on(box, t, () => busy = false);
    setInterval(() => { if (!paused && !busy && !document.hidden) go(at() + 1); }, 5000);
    state(); show();
  }
})();
