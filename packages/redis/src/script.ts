/**
 * Takes from all buckets of a key or from none, by the clock of Redis, in one step. It is the arithmetic of core's buckets: whole numbers
 * below 2^53, which Lua's numbers hold exactly; written out in full, since Lua would round them.
 *
 * KEYS: a hash of buckets, each as what it lacks and since when, in ticks. ARGV: `take` or `adjust`; then for each bucket its name, its limit, its
 * ticks in a window, the milliseconds of a tick, and the amount. Gives whether they were taken, then what each lacks.
 */
export const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local count = (#ARGV - 1) / 5
local debts, ats, names = {}, {}, {}
for i = 1, count do names[i] = ARGV[i * 5 - 3] end
local known = redis.call('HMGET', KEYS[1], unpack(names))
local admitted = true
for i = 1, count do
  local limit, ticks, tick = tonumber(ARGV[i * 5 - 2]), tonumber(ARGV[i * 5 - 1]), tonumber(ARGV[i * 5])
  local amount = tonumber(ARGV[i * 5 + 1])
  local at, debt = math.floor(now / tick), 0
  if known[i] then
    local split = string.find(known[i], ':', 1, true)
    local since = tonumber(string.sub(known[i], split + 1))
    debt = tonumber(string.sub(known[i], 1, split - 1))
    if at > since then debt = math.max(0, debt - (at - since) * limit) else at = since end
  end
  debts[i], ats[i] = debt, at
  if amount ~= 0 and (amount > limit or debt + amount * ticks > limit * ticks) then admitted = false end
end
if ARGV[1] == 'adjust' then admitted = true end
local reply, life = { admitted and 1 or 0 }, 0
for i = 1, count do
  local limit, ticks, tick = tonumber(ARGV[i * 5 - 2]), tonumber(ARGV[i * 5 - 1]), tonumber(ARGV[i * 5])
  local amount, debt = tonumber(ARGV[i * 5 + 1]), debts[i]
  if admitted and amount > 0 then
    debt = math.min(debt + amount * ticks, math.max(debt, 2 * limit * ticks))
  elseif admitted then
    debt = math.max(0, debt + amount * ticks)
  end
  if limit > 0 then life = math.max(life, (math.ceil(debt / limit) + 1) * tick) end
  local exact = string.format('%.0f', debt)
  redis.call('HSET', KEYS[1], names[i], exact .. ':' .. string.format('%.0f', ats[i]))
  reply[i + 1] = exact
end
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.max(life, 1)))
return reply
`;
