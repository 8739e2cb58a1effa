-- Asks for something else each time: wrk -s load.lua URL -- isochrones|reach|tiles|verdicts|places COMPOUNDS
local what, compounds

function init(args)
  what, compounds = args[1], tonumber(args[2])
  math.randomseed(tonumber(args[3] or "7"))
end

local function path()
  if what == "tiles" then
    -- Zoom 14 over inner Harbin.
    return "/api/tiles/14/" .. math.random(13950, 13960) .. "/" .. math.random(5840, 5850)
  elseif what == "places" then
    -- A place that nobody has asked for, in inner Harbin.
    return string.format("/api/isochrones?at=%.6f,%.6f", 126.62 + 0.08 * math.random(), 45.73 + 0.05 * math.random())
  end
  return "/api/" .. what .. "?compound=" .. math.random(0, compounds - 1)
end

function request()
  return wrk.format("GET", path())
end
