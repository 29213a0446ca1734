const urgent: (() => void)[] = [];
const waiting: (() => void)[] = [];

/**
 * Lets the event loop serve others first. In each of its turns one of those who wait goes on, whatever they do and for whichever store: however
 * many long works there are, together they keep it no longer than one of them. First come first served, but the urgent ones before all others.
 */
export function pause({ isUrgent = false } = {}): Promise<void> {
  return new Promise((resolve) => {
    if (urgent.length + waiting.length === 0) setImmediate(letOneGoOn);
    (isUrgent ? urgent : waiting).push(resolve);
  });
}

function letOneGoOn(): void {
  const next = urgent.shift() ?? waiting.shift();
  if (urgent.length + waiting.length > 0) setImmediate(letOneGoOn);
  next?.();
}
