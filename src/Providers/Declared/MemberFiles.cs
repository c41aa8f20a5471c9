namespace GitOpsSecrets.Providers.Declared;

/// <summary>Members of an element that are files, which are fetched one by one, and only those whose names are wanted. They come before the other members.</summary>
/// <param name="List">In the answer, where their list is.</param>
/// <param name="Name">In an element of it, where its name is.</param>
/// <param name="Step">Asks for one; an element's members are known as <c>item.NAME</c>.</param>
internal sealed record MemberFiles(string List, string Name, StepRule Step)
{
    public static MemberFiles? Read(DefinitionFields members)
    {
        if (members.Object("files") is not { } fields) return null;
        var (list, name) = (fields.Need("list"), fields.Need("name"));
        return new MemberFiles(list, name, StepReader.Read(fields, "GetFile"));
    }
}
