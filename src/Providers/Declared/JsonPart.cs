using System.Text;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>A JSON body whose strings are patterns. Members and elements whose variables are not there are left out.</summary>
internal sealed class JsonPart
{
    /// <summary>A string; null otherwise.</summary>
    public TextPattern? Text { get; init; }

    /// <summary>A number, true, false or null, as it is written; null otherwise.</summary>
    public string? Literal { get; init; }

    /// <summary>An object's members, whose names are patterns too; null otherwise.</summary>
    public IReadOnlyList<(TextPattern Name, JsonPart Value)>? Members { get; init; }

    /// <summary>An array's elements; null otherwise.</summary>
    public IReadOnlyList<JsonPart>? Elements { get; init; }

    public IEnumerable<string> Names =>
    [
        .. Text?.Names ?? [],
        .. Members?.SelectMany(member => member.Name.Names.Concat(member.Value.Names)) ?? [],
        .. Elements?.SelectMany(element => element.Names) ?? [],
    ];

    /// <summary>Whether a variable goes into one of its strings, which hold text only.</summary>
    public bool HasAsText(string name) =>
        Text?.HasAsText(name) == true || Members?.Any(member => member.Name.HasAsText(name) || member.Value.HasAsText(name)) == true || Elements?.Any(element => element.HasAsText(name)) == true;

    public void Write(Variables variables, SecretBuffer to)
    {
        if (Text is not null) WriteText(variables, to);
        else if (Members is not null) WriteAll(Members.Where(member => member.Name.IsComplete(variables) && member.Value.IsThere(variables)), '{', '}', member => WriteMember(member, variables, to), to);
        else if (Elements is not null) WriteAll(Elements.Where(element => element.IsThere(variables)), '[', ']', element => element.Write(variables, to), to);
        else to.Append(Encoding.UTF8.GetBytes(Literal!));
    }

    private bool IsThere(Variables variables) => Text is null || Text.IsComplete(variables);

    private static void WriteMember((TextPattern Name, JsonPart Value) member, Variables variables, SecretBuffer to)
    {
        using var name = new SecretBuffer();
        member.Name.Write(variables, name);
        JsonText.Quote(name.Written, to);
        to.Append((byte)':');
        member.Value.Write(variables, to);
    }

    private void WriteText(Variables variables, SecretBuffer to)
    {
        using var text = new SecretBuffer();
        Text!.Write(variables, text);
        if (Text.Single is not { Filter: PatternFilter.Json } single) JsonText.Quote(text.Written, to);
        else if (JsonPiece.IsValid(text.Written)) to.Append(text.Written);
        else throw new ProviderException(ProviderFailureKind.Invalid, $"\"{single.Name}\" is not JSON");
    }

    private static void WriteAll<T>(IEnumerable<T> items, char start, char end, Action<T> write, SecretBuffer to)
    {
        to.Append((byte)start);
        var first = true;
        foreach (var item in items)
        {
            if (!first) to.Append((byte)',');
            first = false;
            write(item);
        }

        to.Append((byte)end);
    }
}
