using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Apply;

/// <summary>One entry of <c>metadata.managedFields</c>.</summary>
internal sealed record ManagerEntry(string Manager, string Operation, string ApiVersion, string Subresource, string Time, FieldSet Fields)
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    public bool IsSameManager(ManagerEntry other) =>
        (Manager, Operation, Subresource) == (other.Manager, other.Operation, other.Subresource)
        && (Operation == Apply || ApiVersion == other.ApiVersion);

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["manager"] = Manager, ["operation"] = Operation, ["apiVersion"] = ApiVersion };
        if (Time.Length > 0) json["time"] = Time;
        json["fieldsType"] = "FieldsV1";
        json["fieldsV1"] = Fields.ToFieldsV1();
        if (Subresource.Length > 0) json["subresource"] = Subresource;
        return json;
    }

    /// <returns><c>null</c> for an entry that is not one, such as the empty entry that resets ownership.</returns>
    public static ManagerEntry? FromJson(JsonObject json)
    {
        if (json["fieldsV1"] is not JsonObject fields) return null;
        return new ManagerEntry(Text(json, "manager"), Text(json, "operation"), Text(json, "apiVersion"), Text(json, "subresource"), Text(json, "time"), FieldSet.FromFieldsV1(fields));
    }

    /// <summary>How a conflict names the manager.</summary>
    public string Print()
    {
        var name = Subresource.Length > 0 ? $"\"{Manager}\" with subresource \"{Subresource}\"" : $"\"{Manager}\"";
        return Operation == Update ? $"{name} using {ApiVersion}" : name;
    }

    private static string Text(JsonObject json, string name) => json[name]?.GetValue<string>() ?? "";
}
