/** Short answers to short messages, which a paragraph would not suit; `null` for anything else. */
export function smallTalk(text: string): string | null {
  const said = text.trim();
  const repeat =
    /^(?:please\s+)?(?:say|repeat(?: after me)?|echo)\s*:?\s+(?!something|hello to)["“']?([^"”]{1,200}?)["”']?\s*$/i.exec(
      said,
    );
  if (repeat?.[1]) return sentence(repeat[1]);
  const sum = arithmetic(said);
  if (sum) return sum;
  if (/^(?:hi|hello|hey|good (?:morning|afternoon|evening)|greetings)\b[^?]{0,30}$/i.test(said)) {
    return "Hello! It is good to hear from you. What would you like to talk about?";
  }
  if (/^(?:thanks|thank you|thx|cheers)\b/i.test(said))
    return "You are welcome! Is there anything else I can do for you?";
  if (/^(?:bye|goodbye|see you)\b/i.test(said)) return "Goodbye! Come back whenever you like.";
  if (/\bhow are you\b/i.test(said)) return "I am well, thank you: every test so far is green. How are you?";
  if (/\b(?:who|what) are you\b/i.test(said)) {
    return "I am a mock model. I answer like a chat model would, always the same to the same request, without understanding a word of it.";
  }
  return null;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  const start = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}

const SUM =
  /^(?:what(?:'s| is)|calculate|compute|how much is)?\s*(-?\d{1,12}(?:\.\d{1,6})?)\s*([-+*/x×÷]|plus|minus|times|divided by)\s*(-?\d{1,12}(?:\.\d{1,6})?)\s*[?=.]*$/i;

function arithmetic(text: string): string | null {
  const [, left, operator, right] = SUM.exec(text) ?? [];
  if (left === undefined || operator === undefined || right === undefined) return null;
  const [a, b] = [Number(left), Number(right)];
  const result = /^[+]|plus/i.test(operator)
    ? a + b
    : /^-|minus/i.test(operator)
      ? a - b
      : /^[*x×]|times/i.test(operator)
        ? a * b
        : a / b;
  if (!Number.isFinite(result)) return "Division by zero has no answer.";
  return `${left} ${operator} ${right} is ${Number(result.toPrecision(12))}.`;
}
