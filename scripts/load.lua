-- Asks for something else each time: wrk -s load.lua URL -- isochrones|reach|tiles COMPOUNDS
local paths = {}

function init(args)
  local what, compounds = args[1], tonumber(args[2])
  math.randomseed(7)
  for _ = 1, 2000 do
    if what == "tiles" then
      -- Zoom 14 over inner Harbin.
      local x, y = math.random(13950, 13960), math.random(5840, 5850)
      paths[#paths + 1] = "/api/tiles/14/" .. x .. "/" .. y
    else
      paths[#paths + 1] = "/api/" .. what .. "?compound=" .. math.random(0, compounds - 1)
    end
  end
end

local at = 0
function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
