using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Parsing;

/// <summary>
/// A node of a parsed template. <see cref="Print"/> gives it back normalised, as error messages show it.
/// </summary>
/// <param name="Position">Byte offset in the template, where errors point.</param>
internal abstract record Node(int Position)
{
    public abstract string Print();

    internal sealed record Text(int Position, GoString Bytes) : Node(Position)
    {
        public override string Print() => Bytes.ToText();
    }

    internal sealed record Action(int Position, Pipeline Pipe) : Node(Position)
    {
        public override string Print() => $"{{{{{Pipe.Print()}}}}}";
    }

    internal sealed record Break(int Position) : Node(Position)
    {
        public override string Print() => "{{break}}";
    }

    internal sealed record Continue(int Position) : Node(Position)
    {
        public override string Print() => "{{continue}}";
    }

    /// <summary>Only between the parser's own steps: a finished tree holds none.</summary>
    internal sealed record End(int Position) : Node(Position)
    {
        public override string Print() => "{{end}}";
    }

    /// <summary>Only between the parser's own steps: a finished tree holds none.</summary>
    internal sealed record Else(int Position) : Node(Position)
    {
        public override string Print() => "{{else}}";
    }

    internal sealed record Sequence(int Position, List<Node> Nodes) : Node(Position)
    {
        public override string Print() => string.Concat(Nodes.Select(node => node.Print()));
    }

    /// <summary><c>if</c>, <c>with</c> or <c>range</c>, which differ in what they do but not in shape.</summary>
    internal sealed record Branch(int Position, string Keyword, Pipeline Pipe, Sequence Body, Sequence? Otherwise) : Node(Position)
    {
        public override string Print()
        {
            var otherwise = Otherwise is null ? "" : "{{else}}" + Otherwise.Print();
            return $"{{{{{Keyword} {Pipe.Print()}}}}}{Body.Print()}{otherwise}{{{{end}}}}";
        }
    }

    internal sealed record Template(int Position, string Name, Pipeline? Pipe) : Node(Position)
    {
        public override string Print() => $"{{{{template {GoQuote.Quote(Name)}{(Pipe is null ? "" : " " + Pipe.Print())}}}}}";
    }

    internal sealed record Pipeline(int Position, bool IsAssignment, List<Variable> Declared, List<Command> Commands) : Node(Position)
    {
        public override string Print()
        {
            var commands = string.Join(" | ", Commands.Select(command => command.Print()));
            return Declared.Count == 0 ? commands : $"{string.Join(", ", Declared.Select(v => v.Print()))} {(IsAssignment ? "=" : ":=")} {commands}";
        }
    }

    internal sealed record Command(int Position, List<Node> Arguments) : Node(Position)
    {
        public override string Print() => string.Join(' ', Arguments.Select(Operand));
    }

    internal sealed record Identifier(int Position, string Name) : Node(Position)
    {
        public override string Print() => Name;
    }

    internal sealed record Variable(int Position, string Name, string[] Fields) : Node(Position)
    {
        public override string Print() => Fields.Length == 0 ? Name : $"{Name}.{string.Join('.', Fields)}";
    }

    internal sealed record Field(int Position, string[] Names) : Node(Position)
    {
        public override string Print() => "." + string.Join('.', Names);
    }

    /// <summary>Fields of something that is neither dot nor a variable: <c>(pipeline).a.b</c>.</summary>
    internal sealed record Chain(int Position, Node Receiver, List<string> Names) : Node(Position)
    {
        public override string Print() => $"{Operand(Receiver)}.{string.Join('.', Names)}";
    }

    internal sealed record Dot(int Position) : Node(Position)
    {
        public override string Print() => ".";
    }

    internal sealed record Nil(int Position) : Node(Position)
    {
        public override string Print() => "nil";
    }

    internal sealed record Bool(int Position, bool Value) : Node(Position)
    {
        public override string Print() => Value ? "true" : "false";
    }

    internal sealed record Number(int Position, string Source, NumberLiteral Value) : Node(Position)
    {
        public override string Print() => Source;
    }

    internal sealed record String(int Position, GoString Source, GoString Value) : Node(Position)
    {
        public override string Print() => Source.ToText();
    }

    private static string Operand(Node node) => DeepStack.IsLow ? "…" : node is Pipeline ? $"({node.Print()})" : node.Print();
}
