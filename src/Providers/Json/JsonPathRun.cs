namespace GitOpsSecrets.Providers.Json;

/// <summary>One use of a <see cref="JsonPath"/>: the document that <c>$</c> means in filters, and how much was looked at.</summary>
internal sealed class JsonPathRun(JsonPiece root)
{
    private int visits;

    public JsonPiece Root => root;

    public void Visit()
    {
        if (++visits > JsonPath.MaxVisits) throw new ProviderException(ProviderFailureKind.Invalid, $"the JSON path looks at more than {JsonPath.MaxVisits} values");
    }
}
