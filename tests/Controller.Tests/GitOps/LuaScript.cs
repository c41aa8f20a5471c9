using System.Text.Json;
using System.Text.Json.Nodes;
using KeraLua;

namespace GitOpsSecrets.Controller.Tests.GitOps;

/// <summary>A script of Argo CD: it finds the object in <c>obj</c> and returns a table.</summary>
internal static class LuaScript
{
    /// <param name="script">Its text.</param>
    /// <param name="item">What it looks at.</param>
    /// <param name="path">Of the text in the table that it returns.</param>
    /// <returns><c>null</c> when nothing is there.</returns>
    public static string? Run(string script, JsonObject item, params string[] path)
    {
        using var lua = new Lua();
        Push(lua, item);
        lua.SetGlobal("obj");
        Assert.False(lua.DoString(script), lua.ToString(-1));
        foreach (var key in path)
        {
            if (lua.Type(-1) != LuaType.Table) return null;
            lua.GetField(-1, key);
        }
        return lua.IsNil(-1) ? null : lua.IsBoolean(-1) ? (lua.ToBoolean(-1) ? "true" : "false") : lua.ToString(-1);
    }

    private static void Push(Lua lua, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                lua.NewTable();
                foreach (var (key, value) in map)
                {
                    Push(lua, value);
                    lua.SetField(-2, key);
                }
                break;
            case JsonArray list:
                lua.NewTable();
                for (var i = 0; i < list.Count; i++)
                {
                    Push(lua, list[i]);
                    lua.RawSetInteger(-2, i + 1);
                }
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String: lua.PushString((string)value!); break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number: lua.PushNumber((double)value); break;
            case JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False: lua.PushBoolean((bool)value); break;
            default: lua.PushNil(); break;
        }
    }
}
