namespace GitOpsSecrets.GoTemplate.Values;

/// <summary>
/// A value a template can hold, with its Go type. Templates never touch CLR objects: whatever they can reach is one of these.
/// Values do not print themselves (<see cref="object.ToString"/> gives the type), for they are mostly secrets.
/// </summary>
public abstract class GoValue
{
    public abstract GoType Type { get; }

    public GoKind Kind => Type.Kind;

    /// <summary>Whether <c>if</c>, <c>and</c> and <c>not</c> take the value for true.</summary>
    public abstract bool IsTrue { get; }

    public bool IsNil => this is GoNil or GoList { IsNilSlice: true } or GoMap { IsNilMap: true };

    public sealed override string ToString() => Type.Name;
}
